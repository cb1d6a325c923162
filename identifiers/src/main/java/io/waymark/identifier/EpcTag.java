package io.waymark.identifier;

import io.waymark.identifier.epc.EpcScheme;
import java.util.List;
import java.util.Optional;

/**
 * What the EPC bank of a tag holds.
 *
 * @param identifier the thing; {@link Scheme#RAW_EPC} if the bits are no EPC of a GS1 key
 * @param scheme the layout; empty for raw bits and for the {@code +} layouts of TDS 2, which have no tag URI either
 * @param filter what kind of packing the tag is on, 0–7; 0 for raw bits
 * @param companyDigits digits of the company prefix, 6–12; 0 if the bits do not tell
 * @param bits the octets as read. Owned by the value, never written
 * @param problem why the bits are raw; empty if they are not
 */
public record EpcTag(
        Identifier identifier, Optional<EpcScheme> scheme, int filter, int companyDigits, byte[] bits, String problem) {

    /** The bits as upper-case hexadecimal digits. */
    public String hex() {
        return PercentCoding.hex(bits);
    }

    /** The parts of the bits for people, with their places. */
    public List<Recognition.Field> fields() {
        return EpcFields.of(this);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EpcTag that && java.util.Arrays.equals(bits, that.bits);
    }

    @Override
    public int hashCode() {
        return java.util.Arrays.hashCode(bits);
    }
}
