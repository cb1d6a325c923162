package io.waymark.platform.bulk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.resolver.admin.Decision;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.admin.Registration;
import io.waymark.resolver.admin.RegistrationRules;
import io.waymark.storage.bulk.Octets;
import io.waymark.storage.bulk.RunBuilder;
import io.waymark.storage.bulk.StagedEntries;
import io.waymark.storage.bulk.TextPlace;
import io.waymark.storage.record.AliasList;
import io.waymark.storage.record.StoredRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/**
 * Reads any record, by the same rules as the registry's REST interface, or says why it is none. One thread.
 */
final class GeneralReader {
    private static final JsonMapper MAPPER = StrictJson.mapper(SegmentCutter.BYTES);

    private final RunBuilder records;
    private final RunBuilder codes;
    private final RunBuilder refusals;
    private final RegistrationRules rules;
    private final Clock now;

    /** @param nowSeconds the time of every value, since 1970 UTC */
    GeneralReader(RunBuilder records, RunBuilder codes, RunBuilder refusals, RegistrationRules rules, int nowSeconds) {
        this.records = records;
        this.codes = codes;
        this.refusals = refusals;
        this.rules = rules;
        this.now = Clock.fixed(Instant.ofEpochSecond(nowSeconds), ZoneOffset.UTC);
    }

    /** Keeps the record of a line of JSON, or its refusal. */
    void read(byte[] in, int from, int to, TextPlace place) {
        try {
            JsonNode line = MAPPER.readTree(in, from, to - from);
            take(RecordJson.fromJson(line, now), line.path("overwrite").asBoolean(false), place);
        } catch (JsonProcessingException e) {
            String message = e.getOriginalMessage();
            int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
            refuse(place, "is no JSON: " + message.lines().findFirst().orElse("") + " at column " + column);
        } catch (IOException e) {
            throw new IllegalStateException("reading from memory does not fail", e);
        } catch (MalformedIdentifierException | MalformedRecordException e) {
            refuse(place, String.valueOf(e.getMessage()));
        }
    }

    /** Keeps a record, or its refusal. */
    void take(Registration wanted, boolean mayReplace, TextPlace place) {
        Decision decision = rules.put(wanted, false, true, (int) now.instant().getEpochSecond());
        if (decision.outcome() instanceof Outcome.Refused refused) {
            refuse(place, refused.message());
            return;
        }
        RecordChange.Put put = (RecordChange.Put) decision.changes().get(0);
        byte[] key = put.handle().canonical().getBytes(StandardCharsets.UTF_8);
        Octets out = StagedEntries.beginRecord(
                records, key, 0, key.length, place, mayReplace ? StagedEntries.MAY_REPLACE : 0);
        out.put(StoredRecord.encode(put.handle(), put.values()));
        StagedEntries.endRecord(records, put.aliases().isEmpty() ? new byte[0] : AliasList.encode(put.aliases()));
        for (String alias : put.aliases()) {
            StagedEntries.addClaim(codes, alias, place, key, 0, key.length);
        }
    }

    /** Keeps a refusal. */
    void refuse(TextPlace place, String reason) {
        StagedEntries.addRefusal(refusals, place, reason);
    }
}
