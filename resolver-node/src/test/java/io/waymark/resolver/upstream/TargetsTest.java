package io.waymark.resolver.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetsTest {
    @ParameterizedTest
    @CsvSource({
        "1.1.1.1, PUBLIC",
        "2408:8000::1, PUBLIC",
        "10.1.2.3, PRIVATE",
        "172.31.255.255, PRIVATE",
        "172.32.0.1, PUBLIC",
        "192.168.0.1, PRIVATE",
        "100.64.0.1, PRIVATE",
        "100.63.0.1, PUBLIC",
        "100.128.0.1, PUBLIC",
        "fd00::1, PRIVATE",
        "fec0::1, PRIVATE",
        "127.0.0.1, ANY",
        "127.8.9.1, ANY",
        "::1, ANY",
        "169.254.169.254, ANY",
        "fe80::1, ANY",
        "::ffff:127.0.0.1, ANY",
        "::ffff:10.0.0.1, PRIVATE",
        "64:ff9b::7f00:1, ANY",
        "64:ff9b::a00:1, PRIVATE",
        "2002:7f00:1::1, ANY",
        "2002:c0a8:1::1, PRIVATE",
        "::10.0.0.1, PRIVATE",
    })
    void allowsAnAddressFromThisLevelOn(String address, Targets least) throws UnknownHostException {
        for (Targets targets : Targets.values()) {
            assertThat(targets.allows(InetAddress.getByName(address)))
                    .as("%s with %s", address, targets)
                    .isEqualTo(targets.compareTo(least) >= 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"0.0.0.0", "0.1.2.3", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::", "ff02::1", "64:ff9b::"})
    void neverAllowsWhatIsNobodysAddress(String address) throws UnknownHostException {
        assertThat(Targets.ANY.allows(InetAddress.getByName(address))).isFalse();
    }
}
