package io.waymark.identifier;

import io.waymark.identifier.Gs1Key.Element;
import io.waymark.identifier.Recognition.Field;
import io.waymark.identifier.epc.EpcKey;
import io.waymark.identifier.epc.EpcScheme;
import io.waymark.identifier.epc.EpcScheme.ReferenceForm;
import io.waymark.identifier.epc.EpcScheme.SerialForm;
import io.waymark.identifier.epc.PlusLayout;
import io.waymark.identifier.epc.PlusLayout.Contents;
import io.waymark.identifier.epc.PlusLayout.Value;
import java.util.ArrayList;
import java.util.List;

/** Shows a tag's bits to people: each part with its place. */
final class EpcFields {
    private final List<Field> fields = new ArrayList<>();
    private int position;

    private EpcFields() {}

    static List<Field> of(EpcTag tag) {
        EpcFields fields = new EpcFields();
        if (tag.scheme().isPresent() && tag.identifier() instanceof Gs1Key key) {
            fields.addAll(tag, tag.scheme().get(), key);
        } else if (tag.identifier() instanceof Gs1Key) {
            fields.addPlus(tag);
        } else {
            fields.addRaw(tag);
        }
        return List.copyOf(fields.fields);
    }

    private void addRaw(EpcTag tag) {
        add("Header", PercentCoding.hex(new byte[] {tag.bits()[0]}), 8, tag.problem());
        fields.add(new Field("Bits", tag.hex(), tag.bits().length * 8 + " bits, kept raw"));
    }

    private void addPlus(EpcTag tag) {
        PlusLayout layout = PlusLayout.byHeader(tag.bits()[0]);
        Contents contents = layout == null ? null : layout.read(tag.bits());
        if (contents == null) {
            throw new IllegalStateException("a decoded tag reads again");
        }
        add("Header", PercentCoding.hex(new byte[] {tag.bits()[0]}), 8, layout + "+");
        add("More data", String.valueOf(tag.bits()[1] >> 7 & 1), 1, "");
        add("Filter", String.valueOf(tag.filter()), 3, "");
        for (Value v : contents.values()) {
            String title = Gs1Fields.of(new Element(v.ai(), v.value())).name();
            fields.add(new Field(title, v.value(), "bits " + v.firstBit() + "–" + v.lastBit() + ", AI " + v.ai()));
        }
    }

    private void addAll(EpcTag tag, EpcScheme scheme, Gs1Key key) {
        EpcParts parts;
        try {
            parts = EpcParts.of(scheme.key(), tag.companyDigits(), key);
        } catch (MalformedIdentifierException e) {
            throw new IllegalStateException("a decoded tag holds a valid key", e);
        }
        int partition = EpcKey.MAX_COMPANY_DIGITS - tag.companyDigits();
        String layout = scheme.tagName().toUpperCase(java.util.Locale.ROOT);
        add("Header", PercentCoding.hex(new byte[] {(byte) scheme.header()}), 8, layout);
        add("Filter", String.valueOf(tag.filter()), 3, scheme.filterMeaning(tag.filter()));
        add("Partition", String.valueOf(partition), 3, "company prefix of " + tag.companyDigits() + " digits");
        add("Company prefix", parts.company(), EpcScheme.companyBits(partition), "");
        add("Reference", parts.reference(), referenceBits(scheme, partition, parts), "");
        if (scheme.key() == EpcKey.ITIP) {
            add("Piece", parts.piece(), EpcScheme.PIECE_BITS, "");
            add("Total", parts.total(), EpcScheme.PIECE_BITS, "");
        }
        if (scheme.serialForm() != SerialForm.NONE) {
            add("Serial", parts.serial(), serialBits(scheme), "");
        }
        key.elements().forEach(e -> fields.add(Gs1Fields.of(e)));
    }

    private void add(String name, String value, int bits, String meaning) {
        String place = "bits " + position + "–" + (position + bits - 1);
        fields.add(new Field(name, value, meaning.isEmpty() ? place : place + ", " + meaning));
        position += bits;
    }

    private static int referenceBits(EpcScheme scheme, int partition, EpcParts parts) {
        return scheme.referenceForm() == ReferenceForm.SIX_BIT
                ? 6 * (parts.reference().length() + 1)
                : scheme.referenceBits(partition);
    }

    private static int serialBits(EpcScheme scheme) {
        return scheme.serialForm() == SerialForm.SEVEN_BIT ? 7 * scheme.serialSize() : scheme.serialSize();
    }
}
