package io.waymark.resolver.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads an HS_SITE record that fills the rest of a body. */
record SiteBody(int serial, boolean primary, byte[] address, byte[] key, List<String> interfaces) {
    private static final String[] PROTOCOLS = {"udp", "tcp", "http", "https"};

    static SiteBody read(ByteBuffer in) {
        assertThat(in.getShort()).as("data format version").isEqualTo((short) 1);
        in.getShort();
        int serial = in.getShort();
        boolean primary = (in.get() & 0x80) != 0;
        in.get();
        Octets.takeBytes(in);
        for (int attributes = in.getInt(); attributes > 0; attributes--) {
            Octets.takeBytes(in);
            Octets.takeBytes(in);
        }
        assertThat(in.getInt()).as("servers").isEqualTo(1);
        in.getInt();
        byte[] address = Octets.take(in, 16);
        byte[] key = Octets.takeBytes(in);
        List<String> interfaces = new ArrayList<>();
        for (int n = in.getInt(); n > 0; n--) {
            int type = in.get();
            interfaces.add(PROTOCOLS[in.get()] + " " + type);
            assertThat(in.getInt()).as("port").isBetween(1, 65_535);
        }
        assertThat(in.remaining()).as("octets behind the site").isZero();
        return new SiteBody(serial, primary, address, key, interfaces);
    }

    static void expect(JsonNode expected, ByteBuffer in) {
        SiteBody site = read(in);
        assertThat(site.serial()).as("serial").isEqualTo(expected.path("serial").asInt(site.serial()));
        assertThat(site.primary())
                .as("primary")
                .isEqualTo(expected.path("primary").asBoolean(true));
        expected.path("interfaces").forEach(i -> assertThat(site.interfaces()).contains(i.asText()));
        if (expected.path("paddedWithZeros").asBoolean()) {
            assertThat(Arrays.copyOf(site.address(), 12))
                    .as("padding of an IPv4 address")
                    .containsOnly(0);
        }
    }
}
