package io.waymark.platform.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void saysEachThingOnce() {
        IOException disk = new IOException("disk full");

        assertThat(Failures.words(
                        new IllegalStateException("records cannot be opened", new UncheckedIOException(disk))))
                .isEqualTo("records cannot be opened: disk full");
        assertThat(Failures.words(new InterruptedException())).isEqualTo("InterruptedException");
    }

    @Test
    void aTakenAddressIsToldAsTheListenerToldIt() {
        StartException told = Failures.startException(
                "resolver", new IllegalStateException("x", new BindException("handle.udp 127.0.0.1:2641 is taken")));

        assertThat(told).hasMessage("resolver: handle.udp 127.0.0.1:2641 is taken");
    }
}
