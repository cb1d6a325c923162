package io.waymark.gateway.bridge;

import io.waymark.gateway.GatewayFixture;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** A gateway with a bridge in a process of its own, to be killed: directory, Kafka, suffix of topics, upstream, protocol, QoS. */
public final class BridgeProcess {
    private BridgeProcess() {}

    public static void main(String[] arguments) {
        BridgeSample sample = new BridgeSample(arguments[3]);
        sample.protocol = BridgeConfig.Protocol.valueOf(arguments[4]);
        sample.qos = Integer.parseInt(arguments[5]);
        GatewayFixture fixture = new GatewayFixture(
                Path.of(arguments[0]),
                GatewayFixture.config(arguments[1], arguments[2]).withBridges(List.of(sample.config())));
        while (fixture.gateway.bridges().get(0).state() != BridgeStatus.State.CONNECTED) {
            LockSupport.parkNanos(1_000_000);
        }
        System.out.writeBytes("ready\n".getBytes(StandardCharsets.UTF_8));
        System.out.flush();
        while (true) {
            LockSupport.park();
        }
    }
}
