package io.waymark.identifier.handle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.SiteInfo.Attribute;
import io.waymark.identifier.handle.SiteInfo.HashOption;
import io.waymark.identifier.handle.SiteInfo.Interface;
import io.waymark.identifier.handle.SiteInfo.Protocol;
import io.waymark.identifier.handle.SiteInfo.Server;
import io.waymark.identifier.handle.SiteInfo.Service;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SiteInfoCodecTest {
    private static final byte[] GOLDEN = Octets.of(
            "0001", // data format
            "020B", // protocol 2.11
            "0001", // serial
            "80", // primary
            "02", // hash over the whole handle
            "00000000", // hash filter, empty
            "00000001", // one attribute
            "00000004 64657363 00000001 74", // desc = t
            "00000001", // one server
            "00000001", // server id
            "0000000000000000000000007F000001", // 127.0.0.1
            "00000000", // no public key
            "00000003", // three interfaces
            "03 01 00000A51", // administration and resolution, TCP, 2641
            "02 00 00000A51", // resolution, UDP, 2641
            "03 02 00001F40"); // both, HTTP, 8000

    private static SiteInfo site() throws Exception {
        List<Interface> interfaces = List.of(
                new Interface(Service.ADMIN_AND_QUERY, Protocol.TCP, 2641),
                new Interface(Service.QUERY, Protocol.UDP, 2641),
                new Interface(Service.ADMIN_AND_QUERY, Protocol.HTTP, 8000));
        Server server = Server.at(1, InetAddress.getByName("127.0.0.1"), new byte[0], interfaces);
        return new SiteInfo(
                1,
                2,
                11,
                1,
                true,
                false,
                HashOption.WHOLE_HANDLE,
                List.of(new Attribute("desc", "t")),
                List.of(server));
    }

    @Test
    void readsTheOctetsOfTheReferenceClient() throws Exception {
        assertThat(SiteInfoCodec.decode(GOLDEN)).isEqualTo(site());
    }

    @Test
    void writesTheOctetsOfTheReferenceClient() throws Exception {
        assertThat(SiteInfoCodec.encode(site())).isEqualTo(GOLDEN);
    }

    @Test
    void tellsItsAddressAndAttributes() throws Exception {
        SiteInfo site = SiteInfoCodec.decode(GOLDEN);

        assertThat(site.servers().get(0).inetAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
        assertThat(site.attribute("desc")).contains("t");
        assertThat(site.attribute("domain")).isEmpty();
    }

    @Test
    void keepsAddressesOfVersionSix() throws Exception {
        for (String address : List.of("2001:db8::1", "::1")) {
            InetAddress six = InetAddress.getByName(address);
            assertThat(Server.at(1, six, new byte[0], List.of()).inetAddress()).isEqualTo(six);
        }
    }

    @Test
    void refusesEveryCutAndEveryTail() {
        for (int length = 0; length < GOLDEN.length; length++) {
            byte[] cut = Arrays.copyOf(GOLDEN, length);
            assertThatThrownBy(() -> SiteInfoCodec.decode(cut))
                    .as("%d octets", length)
                    .isInstanceOf(MalformedRecordException.class);
        }
        assertThatThrownBy(() -> SiteInfoCodec.decode(Arrays.copyOf(GOLDEN, GOLDEN.length + 1)))
                .hasMessageContaining("1 octets behind its last server");
    }

    @Test
    void refusesCodesThatMeanNothing() {
        assertThatThrownBy(() -> SiteInfoCodec.decode(withOctet(7, 3)))
                .hasMessage("hash option must be in 0..2 but was 3");
        assertThatThrownBy(() -> SiteInfoCodec.decode(withOctet(GOLDEN.length - 6, 4)))
                .hasMessage("interface type must be in 0..3 but was 4");
        assertThatThrownBy(() -> SiteInfoCodec.decode(withOctet(GOLDEN.length - 5, 9)))
                .hasMessage("interface protocol must be in 0..3 but was 9");
        assertThatThrownBy(() -> SiteInfoCodec.decode(withOctet(GOLDEN.length - 3, 1)))
                .hasMessage("port must be in 0..65535 but was 73536");
    }

    private static byte[] withOctet(int at, int value) {
        byte[] changed = GOLDEN.clone();
        changed[at] = (byte) value;
        return changed;
    }

    @Test
    void hashesAsTheReferenceClientDoes() {
        Handle handle = new Handle("88.118.8/abc123");

        assertThat(HashOption.PREFIX.hash(handle)).isEqualTo(1993617733);
        assertThat(HashOption.SUFFIX.hash(handle)).isEqualTo(48011690);
        assertThat(HashOption.WHOLE_HANDLE.hash(handle)).isEqualTo(373399004);
    }

    @Test
    void picksTheServerByHash() throws Exception {
        SiteInfo one = site();
        Server first = one.servers().get(0);
        Server second = new Server(2, first.address(), new byte[] {1}, List.of());
        SiteInfo two = new SiteInfo(1, 2, 11, 1, true, false, HashOption.PREFIX, List.of(), List.of(first, second));

        assertThat(two.serverFor(new Handle("88.118.8/X"))).isEqualTo(second); // 1993617733 is odd
        assertThat(two.serverFor(new Handle("88.118.8/Y"))).isEqualTo(second);
    }

    @Test
    void numbersItsEnumsAsTheWireDoes() {
        assertThat(Service.values()).extracting(Service::code).containsExactly(0, 1, 2, 3);
        assertThat(Protocol.values()).extracting(Protocol::code).containsExactly(0, 1, 2, 3);
        assertThat(HashOption.values()).extracting(HashOption::code).containsExactly(0, 1, 2);
    }

    @Test
    void refusesNumbersThatDoNotFit() {
        assertThatThrownBy(() -> new Interface(Service.QUERY, Protocol.UDP, 70_000))
                .hasMessage("port must be in 0..65535 but was 70000");
        assertThatThrownBy(() -> new SiteInfo(1, 2, 11, 65_536, true, false, HashOption.PREFIX, List.of(), List.of()))
                .hasMessage("serial must be in 0..65535 but was 65536");
        assertThatThrownBy(() -> new Server(1, new byte[4], new byte[0], List.of()))
                .hasMessage("address must be 16 octets but was 4");
    }
}
