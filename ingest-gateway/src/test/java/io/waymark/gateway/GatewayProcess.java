package io.waymark.gateway;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** A gateway in a process of its own, to be killed: says its port and serves until then. */
public final class GatewayProcess {
    private GatewayProcess() {}

    public static void main(String[] arguments) {
        GatewayFixture fixture = GatewayFixture.open(Path.of(arguments[0]));
        System.out.writeBytes(("port " + fixture.port() + "\n").getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        while (true) {
            LockSupport.park();
        }
    }
}
