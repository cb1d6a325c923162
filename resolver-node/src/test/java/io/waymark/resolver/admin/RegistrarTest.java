package io.waymark.resolver.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.waymark.identifier.Handle;
import io.waymark.identifier.Recognizer;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.TimeToLive;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.storage.record.RecordStore;
import io.waymark.storage.record.RecordStoreConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrarTest {
    private static final int NOW = 1_790_000_000;
    private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    private RecordStore records;
    private Registrar registrar;

    @BeforeEach
    void open() {
        records = RecordStore.open(RecordStoreConfig.defaults(directory), new SimpleMeterRegistry());
        registrar = new Registrar(
                records,
                code -> Recognizer.recognize(code).identifier(),
                Clock.fixed(Instant.ofEpochSecond(NOW), ZoneOffset.UTC));
        assertThat(registrar.homePrefix("88.1", SECRET).join()).isEqualTo(new Outcome.Created(new Handle("0.NA/88.1")));
    }

    @AfterEach
    void close() {
        records.close();
    }

    private Outcome put(String handle, boolean overwrite, HandleValue... values) {
        return registrar.put(new Handle(handle), List.of(values), overwrite).join();
    }

    private static HandleValue text(int index, String type, String data) {
        return HandleValue.text(index, type, data, 5);
    }

    private static ResponseCode code(Outcome outcome) {
        return outcome instanceof Outcome.Refused refused ? refused.code() : ResponseCode.SUCCESS;
    }

    @Test
    void homesAPrefixWithItsAdministrator() throws Exception {
        List<HandleValue> admin = records.find(new Handle("88.1/admin")).orElseThrow();

        assertThat(registrar.homedPrefixes()).containsExactly("88.1");
        assertThat(admin).extracting(HandleValue::index).containsExactly(100, 300);
        assertThat(admin.get(1).data()).isEqualTo(SECRET);
        assertThat(admin.get(1).isPublic()).isFalse();
        assertThat(AdminRecord.decode(records.find(new Handle("0.NA/88.1"))
                        .orElseThrow()
                        .get(0)
                        .data()))
                .isEqualTo(new AdminRecord(AdminRecord.ALL, "88.1/ADMIN", 300));
        assertThat(code(registrar.homePrefix("88.1", SECRET).join())).isEqualTo(ResponseCode.HANDLE_ALREADY_EXISTS);
    }

    @Test
    void refusesOddPrefixesAndSecrets() {
        for (String prefix : List.of("", "a/b", "a b", "0.NA", "0.0")) {
            assertThat(code(registrar.homePrefix(prefix, SECRET).join()))
                    .as(prefix)
                    .isEqualTo(ResponseCode.INVALID_HANDLE);
        }
        assertThat(code(registrar.homePrefix("88.2", new byte[0]).join())).isEqualTo(ResponseCode.INVALID_VALUE);
        assertThat(code(registrar.homePrefix("88.2", new byte[1025]).join())).isEqualTo(ResponseCode.INVALID_VALUE);
    }

    @Test
    void stampsValuesWithItsOwnClock() {
        put("88.1/a", true, text(1, "N", "x"));

        assertThat(records.find(new Handle("88.1/A")).orElseThrow().get(0).timestampSeconds())
                .isEqualTo(NOW);
    }

    @Test
    void createsReplacesAndDeletes() {
        Handle handle = new Handle("88.1/a");

        assertThat(put("88.1/a", false, text(1, "N", "x"))).isEqualTo(new Outcome.Created(handle));
        assertThat(code(put("88.1/A", false, text(1, "N", "y")))).isEqualTo(ResponseCode.HANDLE_ALREADY_EXISTS);
        assertThat(put("88.1/A", true, text(1, "N", "y"))).isEqualTo(new Outcome.Replaced(handle));
        assertThat(registrar.delete(handle).join()).isEqualTo(new Outcome.Deleted(handle));
        assertThat(code(registrar.delete(handle).join())).isEqualTo(ResponseCode.HANDLE_NOT_FOUND);
        assertThat(code(registrar.delete(new Handle("9/x")).join())).isEqualTo(ResponseCode.SERVER_NOT_RESPONSIBLE);
    }

    @Test
    void refusesRecordsThatCannotBe() {
        assertThat(code(put("88.2/a", true, text(1, "N", "x")))).isEqualTo(ResponseCode.SERVER_NOT_RESPONSIBLE);
        assertThat(code(put("0.NA/88.2", true, text(1, "N", "x")))).isEqualTo(ResponseCode.SERVER_NOT_RESPONSIBLE);
        assertThat(code(put("88.1/a", true))).isEqualTo(ResponseCode.INVALID_VALUE);
        assertThat(code(put("88.1/a", true, text(1, "N", "x"), text(1, "M", "y"))))
                .isEqualTo(ResponseCode.VALUE_ALREADY_EXISTS);
        assertThat(code(put("88.1/a", true, text(1, "", "x")))).isEqualTo(ResponseCode.INVALID_VALUE);
        assertThat(code(put("88.1/a", true, text(1, "t".repeat(257), "x")))).isEqualTo(ResponseCode.INVALID_VALUE);
        assertThat(code(put("88.1/a", true, text(1, "N", "x".repeat(RegistrationRules.MAX_RECORD_BYTES)))))
                .isEqualTo(ResponseCode.INVALID_VALUE);
        assertThat(code(put(
                        "88.1/a",
                        true,
                        new HandleValue(
                                1, "N", new byte[0], new TimeToLive(false, -1), 0, Permissions.DEFAULT, List.of()))))
                .isEqualTo(ResponseCode.INVALID_VALUE);
        HandleValue[] many = new HandleValue[2049];
        for (int i = 0; i < many.length; i++) {
            many[i] = text(i + 1, "N", "x");
        }
        assertThat(code(put("88.1/a", true, many))).isEqualTo(ResponseCode.INVALID_VALUE);
        assertThat(records.find(new Handle("88.1/a"))).isEmpty();
    }

    @Test
    void makesCodesAliases() {
        put(
                "88.1/tea",
                true,
                text(1, "GS1", "(01)06901234567892(21)7"),
                text(2, "alias", "urn:epc:id:sscc:0614141.1234567890"));

        assertThat(records.findByAlias("https://id.gs1.org/01/06901234567892/21/7"))
                .contains(new Handle("88.1/tea"));
        assertThat(code(put("88.1/thief", true, text(1, "GS1", "https://x.example/01/06901234567892/21/7"))))
                .isEqualTo(ResponseCode.VALUE_ALREADY_EXISTS);
        assertThat(code(put("88.1/bad", true, text(1, "GS1", "no code at all!"))))
                .isEqualTo(ResponseCode.INVALID_VALUE);
        put("88.1/tea", true, text(1, "N", "no longer"));
        assertThat(records.findByAlias("https://id.gs1.org/01/06901234567892/21/7"))
                .isEmpty();
    }

    @Test
    void takesManyInOneCommitAndRefusesOnlyTheGuilty() {
        put("88.1/held", true, text(1, "GS1", "(01)06901234567892"));
        List<Outcome> outcomes = registrar
                .putAll(List.of(
                        new Registration(new Handle("88.1/a"), List.of(text(1, "N", "1")), false),
                        new Registration(new Handle("88.1/A"), List.of(text(1, "N", "2")), false),
                        new Registration(new Handle("9/x"), List.of(text(1, "N", "3")), false),
                        new Registration(new Handle("88.1/thief"), List.of(text(1, "GS1", "(01)06901234567892")), true),
                        new Registration(new Handle("88.1/b"), List.of(text(1, "N", "4")), true)))
                .join();

        assertThat(outcomes)
                .extracting(RegistrarTest::code)
                .containsExactly(
                        ResponseCode.SUCCESS,
                        ResponseCode.HANDLE_ALREADY_EXISTS,
                        ResponseCode.SERVER_NOT_RESPONSIBLE,
                        ResponseCode.VALUE_ALREADY_EXISTS,
                        ResponseCode.SUCCESS);
        assertThat(records.find(new Handle("88.1/a")).orElseThrow().get(0).dataText())
                .isEqualTo("1");
        assertThat(records.find(new Handle("88.1/b"))).isPresent();
        assertThat(records.find(new Handle("88.1/thief"))).isEmpty();
    }

    @Test
    void losesNoChangeOfManyAtOnce() {
        Handle handle = new Handle("88.1/busy");
        put("88.1/busy", true, text(1, "N", "x"));
        List<CompletableFuture<Outcome>> changes = new ArrayList<>();
        for (int i = 2; i <= 200; i++) {
            List<HandleValue> added = List.of(text(i, "N", "x"));
            changes.add(registrar.change(
                    handle, current -> Edits.add(registrar.rules(), handle, current, added, false, NOW)));
        }

        assertThat(changes).allMatch(c -> c.join().kind() == Outcome.Kind.REPLACED);
        assertThat(records.find(handle).orElseThrow()).hasSize(200);
    }

    @Test
    void goesOnAfterAChangeThatThrows() {
        Handle handle = new Handle("88.1/x");
        CompletableFuture<Outcome> bad = registrar.change(handle, current -> {
            throw new IllegalStateException("on purpose");
        });

        assertThat(bad).isCompletedExceptionally();
        assertThat(code(put("88.1/x", false, text(1, "N", "x")))).isEqualTo(ResponseCode.SUCCESS);
    }

    @Test
    void pagesThroughHomedPrefixes() {
        List<String> expected = new ArrayList<>(List.of("88.1"));
        List<CompletableFuture<Outcome>> homings = new ArrayList<>();
        for (int i = 10_000; i < 11_500; i++) {
            homings.add(registrar.homePrefix("88.1." + i, SECRET));
            expected.add("88.1." + i);
        }
        homings.forEach(CompletableFuture::join);

        assertThat(registrar.homedPrefixes()).containsExactlyElementsOf(expected);
    }

    @Test
    void judgesAdministratorsThroughGroups() {
        ValueReference alice = new ValueReference("88.1/alice", 300);
        put(
                "88.1/inner",
                true,
                new HandleValue(200, "HS_VLIST", ValueLists.encode(List.of(alice)), TimeToLive.DAY, 0, 14, List.of()));
        put(
                "88.1/outer",
                true,
                new HandleValue(
                        200,
                        "HS_VLIST",
                        ValueLists.encode(
                                List.of(new ValueReference("88.1/OUTER", 200), new ValueReference("88.1/inner", 200))),
                        TimeToLive.DAY,
                        0,
                        14,
                        List.of()));
        AdminPermissions permissions = new AdminPermissions(records::find);
        List<HandleValue> administered = List.of(
                HandleValue.of(100, "HS_ADMIN", new AdminRecord(AdminRecord.ADD_VALUE, "88.1/outer", 200).encode(), 0));

        assertThat(permissions.judge(administered, new ValueReference("88.1/ALICE", 300), AdminRecord.ADD_VALUE))
                .isEqualTo(ResponseCode.SUCCESS);
        assertThat(permissions.judge(administered, alice, AdminRecord.DELETE_HANDLE))
                .isEqualTo(ResponseCode.INSUFFICIENT_PERMISSIONS);
        assertThat(permissions.judge(administered, new ValueReference("88.1/mallory", 300), AdminRecord.ADD_VALUE))
                .isEqualTo(ResponseCode.INVALID_ADMIN);
        assertThat(permissions.judge(administered, new ValueReference("88.1/alice", 301), AdminRecord.ADD_VALUE))
                .isEqualTo(ResponseCode.INVALID_ADMIN);
    }

    @Test
    void editsSomeValues() {
        Handle handle = new Handle("88.1/e");
        Optional<List<HandleValue>> current = Optional.of(List.of(text(1, "A", "a"), text(2, "B", "b")));
        RegistrationRules rules = registrar.rules();

        assertThat(code(Edits.add(rules, handle, current, List.of(text(2, "B", "x")), false, NOW)
                        .outcome()))
                .isEqualTo(ResponseCode.VALUE_ALREADY_EXISTS);
        assertThat(code(Edits.modify(rules, handle, current, List.of(text(3, "B", "x")), NOW)
                        .outcome()))
                .isEqualTo(ResponseCode.VALUES_NOT_FOUND);
        assertThat(code(Edits.remove(rules, handle, current, List.of(3)).outcome()))
                .isEqualTo(ResponseCode.VALUES_NOT_FOUND);
        assertThat(code(Edits.remove(rules, handle, current, List.of(1, 2)).outcome()))
                .as("an empty record")
                .isEqualTo(ResponseCode.INVALID_VALUE);
        assertThat(code(Edits.remove(rules, handle, Optional.empty(), List.of(1))
                        .outcome()))
                .isEqualTo(ResponseCode.HANDLE_NOT_FOUND);
        assertThat(Edits.remove(rules, handle, current, List.of(1, 9)).outcome())
                .isEqualTo(new Outcome.Replaced(handle));
    }
}
