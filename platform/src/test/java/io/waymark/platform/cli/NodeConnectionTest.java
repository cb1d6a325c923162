package io.waymark.platform.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

class NodeConnectionTest {
    @Test
    void readsAddresses() {
        assertThat(NodeConnection.socketAddress("127.0.0.1:2641")).isEqualTo(new InetSocketAddress("127.0.0.1", 2641));
        assertThat(NodeConnection.socketAddress("/127.0.0.1:2641")).isEqualTo(new InetSocketAddress("127.0.0.1", 2641));
        assertThat(NodeConnection.hostAndPort(NodeConnection.socketAddress("[::1]:80")))
                .isEqualTo("[0:0:0:0:0:0:0:1]:80");
    }

    @Test
    void aListenerOnEveryAddressIsReachedThroughLoopback() {
        assertThat(NodeConnection.socketAddress("0.0.0.0:1")).isEqualTo(new InetSocketAddress("127.0.0.1", 1));
        assertThat(NodeConnection.socketAddress("[::]:1")).isEqualTo(new InetSocketAddress("127.0.0.1", 1));
    }

    @Test
    void refusesWhatIsNoAddress() {
        for (String text : new String[] {"127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", ":80", "127.0.0.1:x"}) {
            assertThatThrownBy(() -> NodeConnection.socketAddress(text))
                    .isInstanceOf(CliException.class)
                    .hasMessage("an address must be HOST:PORT but was \"" + text + "\"");
        }
    }

    @Test
    void encodesEverythingButUnreservedCharactersAndSlashes() {
        assertThat(NodeConnection.encode("88.118.8/a b~c%武?#")).isEqualTo("88.118.8/a%20b~c%25%E6%AD%A6%3F%23");
    }
}
