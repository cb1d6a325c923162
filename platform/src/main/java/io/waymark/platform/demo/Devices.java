package io.waymark.platform.demo;

import static io.waymark.platform.demo.Story.expect;
import static io.waymark.platform.demo.Story.since;

import io.waymark.platform.cli.NodeConnection;
import java.io.IOException;
import java.time.Clock;

/** What the devices of the story publish, in its order: sensors, tag readers, scanners, a till and a telephone. */
final class Devices {
    /** Messages of each of the two sensors. */
    static final int CLIMATE_READINGS = 12;

    private static final int TAG_READS = 5;

    private final Stage stage;
    private final DemoNode node;
    private final Clock clock;
    private final Tea tea;
    private final Ledger ledger;

    Devices(Stage stage, DemoNode node, Clock clock, Tea tea, Ledger ledger) {
        this.stage = stage;
        this.node = node;
        this.clock = clock;
        this.tea = tea;
        this.ledger = ledger;
    }

    void witherAndRoast() throws StepFailedException, IOException {
        int first = ledger.size();
        try (MqttDevice withering = MqttDevice.v3(node.address("mqtt"), "withering-room-3", ledger)) {
            for (int i = 0; i < CLIMATE_READINGS; i++) {
                double temperature = 25 + i * 0.2;
                withering.publish(
                        Place.WITHERING.topic() + "/climate",
                        Payloads.climate(tea, clock.instant(), i, round(temperature), 78 - i),
                        1);
            }
        }
        stage.fact("leaf.withering", CLIMATE_READINGS, Stage.time(ledger.medianSince(first)));
        int second = ledger.size();
        try (MqttDevice roasting = MqttDevice.v5(node.address("mqtt"), "roasting-drum-1", ledger)) {
            for (int i = 0; i < CLIMATE_READINGS; i++) {
                double temperature = 110 + i * 2.5;
                roasting.publish(
                        Place.ROASTING.topic() + "/drum",
                        Payloads.climate(tea, clock.instant(), i, round(temperature), 12 - i * 0.5),
                        2);
            }
        }
        stage.fact("leaf.roasting", CLIMATE_READINGS, Stage.time(ledger.medianSince(second)));
    }

    private static double round(double value) {
        return Math.round(value * 10) / 10.0;
    }

    void tagTins(String tunnelPassword) throws StepFailedException, IOException {
        expectRefused("rfid-tunnel-1", tunnelPassword + "x");
        stage.fact("tunnel.refused");
        int first = ledger.size();
        try (MqttDevice reader = MqttDevice.v3(node.address("mqtt"), "rfid-tunnel-1", tunnelPassword, ledger)) {
            readTags(reader, Place.TUNNEL, "impinj-14-46-36");
        }
        stage.fact("tunnel.done", ledger.size() - first, tea.tins().size(), Stage.time(ledger.medianSince(first)));
    }

    private void expectRefused(String id, String wrongPassword) throws StepFailedException, IOException {
        try {
            MqttDevice.v3(node.address("mqtt"), id, wrongPassword, new Ledger()).close();
        } catch (MqttDevice.RefusedException e) {
            return;
        }
        throw new StepFailedException(id + " was let in with a wrong password");
    }

    private void readTags(MqttDevice reader, Place place, String hostname) throws IOException {
        int number = 0;
        for (int round = 0; round < TAG_READS; round++) {
            for (Tea.Tin tin : tea.tins()) {
                int rssi = -5200 - 37 * number;
                reader.publish(
                        place.topic() + "/reads",
                        Payloads.tagInventory(hostname, tin.epcHex(), clock.instant(), 1 + round % 2, rssi, number++),
                        1);
            }
        }
    }

    void packAndShip() throws StepFailedException, IOException {
        int first = ledger.size();
        try (MqttDevice scanner = MqttDevice.v5(node.address("mqtt"), "packing-scanner-2", ledger)) {
            int number = 0;
            for (Tea.Tin tin : tea.tins()) {
                scanner.publish(Place.PACKING.topic() + "/scans", Payloads.scan(tin, clock.instant(), number++), 2);
            }
        }
        stage.fact("packing.packed", ledger.size() - first, Stage.time(ledger.medianSince(first)));
        int second = ledger.size();
        try (MqttDevice gate = MqttDevice.v3(node.address("mqtt"), "gate-reader-1", ledger)) {
            readTags(gate, Place.GATE, "impinj-14-46-3a");
        }
        stage.fact("packing.shipped", ledger.size() - second, Stage.time(ledger.medianSince(second)));
    }

    void sellInShanghai() throws StepFailedException, IOException {
        int first = ledger.size();
        String amount = "168.00";
        try (MqttDevice pos = MqttDevice.v5(node.address("mqtt"), "pos-nanjing-road-7", ledger)) {
            byte[] sale = Payloads.sale("SH-POS-7", tea.hero().link(), clock.instant(), amount);
            pos.publish(Place.SHANGHAI.topic(), sale, 2);
        }
        stage.fact("sale.done", amount, Stage.time(ledger.medianSince(first)));
    }

    void scanInKunming() throws StepFailedException, IOException, InterruptedException {
        String device = "phone-kunming";
        byte[] scan = Payloads.phone(tea.hero().link(), clock.instant());
        String topic = Place.KUNMING.topic();
        long start = System.nanoTime();
        NodeConnection.Answer answer = node.http()
                .post("/ingest/" + device + "?topic=" + NodeConnection.encode(topic), "application/json", scan);
        expect(
                answer.status() == 202,
                "HTTP 202 was expected but the node answered " + answer.status() + ": " + answer.message());
        ledger.add(device, topic, scan, since(start));
        stage.fact("copy.done", answer.json().path("position").asText(), Stage.time(since(start)));
    }
}
