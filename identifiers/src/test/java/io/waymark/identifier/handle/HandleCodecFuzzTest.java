package io.waymark.identifier.handle;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;

/** Any octets are read or refused with the declared exception; what is read writes back. */
class HandleCodecFuzzTest {
    @FuzzTest
    void values(byte[] octets) {
        try {
            ByteBuffer in = ByteBuffer.wrap(octets);
            List<HandleValue> values = HandleValueCodec.decodeList(in);
            byte[] read = java.util.Arrays.copyOf(octets, in.position());
            assertThat(HandleValueCodec.encodeList(values)).isEqualTo(read);
        } catch (MalformedRecordException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void references(byte[] octets) {
        try {
            ByteBuffer in = ByteBuffer.wrap(octets);
            List<ValueReference> references = HandleValueCodec.decodeReferences(in);
            byte[] read = java.util.Arrays.copyOf(octets, in.position());
            assertThat(HandleValueCodec.encodeReferences(references)).isEqualTo(read);
        } catch (MalformedRecordException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    /** A length that lies must not be believed before the octets are there. */
    @FuzzTest
    void memory(byte[] octets) {
        read(octets); // loads classes
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        read(octets);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        assertThat(allocated).isLessThan(500_000 + 2000L * octets.length);
    }

    private void read(byte[] octets) {
        values(octets);
        references(octets);
        sites(octets);
    }

    @FuzzTest
    void administrators(byte[] octets) {
        try {
            AdminRecord admin = AdminRecord.decode(octets);
            assertThat(AdminRecord.decode(admin.encode())).isEqualTo(admin);
        } catch (MalformedRecordException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }

    @FuzzTest
    void sites(byte[] octets) {
        try {
            SiteInfo site = SiteInfoCodec.decode(octets);
            assertThat(SiteInfoCodec.decode(SiteInfoCodec.encode(site))).isEqualTo(site);
        } catch (MalformedRecordException e) {
            assertThat(e).hasMessageMatching("(?s).+");
        }
    }
}
