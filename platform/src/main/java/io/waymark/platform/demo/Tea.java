package io.waymark.platform.demo;

import io.waymark.identifier.EpcBinary;
import io.waymark.identifier.Gs1Key;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.epc.EpcScheme;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * The lot of rock tea and the tins of one run. Lot and serials come from the time the story begins, so that a run on kept
 * data tells of new tins.
 *
 * @param lot AI 10
 * @param tins in packing order; the first is the one that is sold
 */
record Tea(String lot, List<Tin> tins) {
    /** The prefix of the factory's handles. */
    static final String PREFIX = "88.118.8";
    /** A tin of Rougui, 50 g. */
    static final String GTIN = "06901234100013";

    private static final int COMPANY_DIGITS = 7;
    private static final int TINS = 4;
    private static final int FILTER_POINT_OF_SALE_ITEM = 1;

    /** Refuses a run without tins. */
    Tea {
        tins = List.copyOf(tins);
        if (tins.isEmpty()) {
            throw new IllegalArgumentException("the story needs a tin");
        }
    }

    /**
     * One tin.
     *
     * @param serial AI 21, digits only, so that it fits an SGTIN-96
     */
    record Tin(String serial) {
        /** Canonical identity and Digital Link. */
        String link() {
            return key().canonical();
        }

        String handle() {
            return PREFIX + "/TIN-" + serial;
        }

        /** What the RFID tag holds. */
        String epcHex() {
            try {
                byte[] bits = EpcBinary.encode(EpcScheme.SGTIN_96, FILTER_POINT_OF_SALE_ITEM, COMPANY_DIGITS, key());
                return HexFormat.of().withUpperCase().formatHex(bits);
            } catch (MalformedIdentifierException e) {
                throw new IllegalStateException("serials of the demo fit a tag", e);
            }
        }

        private Gs1Key key() {
            return Gs1Key.of("01", GTIN, "21", serial);
        }
    }

    /** The tea of a run that begins now. */
    static Tea of(Instant now) {
        String lot = DateTimeFormatter.ofPattern("'WY'yyMMddHHmmss", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(now);
        long first = now.getEpochSecond() * 10;
        return new Tea(
                lot,
                IntStream.rangeClosed(1, TINS)
                        .mapToObj(n -> new Tin(Long.toString(first + n)))
                        .toList());
    }

    /** Canonical identity and Digital Link of the lot. */
    String link() {
        return Gs1Key.of("01", GTIN, "10", lot).canonical();
    }

    String handle() {
        return PREFIX + "/LOT-" + lot;
    }

    /** The tin whose way is told. */
    Tin hero() {
        return tins.get(0);
    }
}
