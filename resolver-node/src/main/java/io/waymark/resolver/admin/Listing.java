package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.ValueReference;
import io.waymark.resolver.message.Response;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.resolve.Homing;
import io.waymark.resolver.resolve.Resolver;
import io.waymark.storage.record.RecordStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Names, as many messages as they need: at most {@value #NAMES_PER_MESSAGE} and {@value #BYTES_PER_MESSAGE} octets in
 * each, every one but the last saying that more follow.
 *
 * @see "RFC 3652 §3.4.6 List Handle(s) Under a Naming Authority"
 */
final class Listing {
    static final int NAMES_PER_MESSAGE = 500;
    static final int BYTES_PER_MESSAGE = 200_000;
    private static final int NAMES_MAX = 100_000;

    private final RecordStore records;
    private final Homing homing;
    private final Registrar registrar;
    private final Authority authority;

    Listing(RecordStore records, Homing homing, Registrar registrar, Authority authority) {
        this.records = records;
        this.homing = homing;
        this.registrar = registrar;
        this.authority = authority;
    }

    /** The handles under a prefix. */
    List<Response> handles(String prefixName, ValueReference identity) {
        Optional<Response.Failure> refusal = whyNot(prefixName, identity);
        if (refusal.isPresent()) {
            return List.of(refusal.get());
        }
        String prefix = prefixName.substring(prefixName.indexOf('/') + 1);
        List<String> names = new ArrayList<>();
        records.list(prefix, "", NAMES_MAX + 1, handle -> names.add(handle.text()));
        return names.size() > NAMES_MAX
                ? List.of(new Response.Failure(
                        ResponseCode.OPERATION_NOT_SUPPORTED,
                        "prefix " + prefix + " has more than " + NAMES_MAX + " handles; export it instead"))
                : messages(names);
    }

    /** Why the handles under a prefix are not for this reader; empty if they are. */
    Optional<Response.Failure> whyNot(String prefixName, ValueReference identity) {
        Handle prefixHandle;
        try {
            prefixHandle = Resolver.parse(prefixName);
        } catch (MalformedIdentifierException e) {
            return Optional.of(new Response.Failure(ResponseCode.INVALID_HANDLE, String.valueOf(e.getMessage())));
        }
        Optional<List<HandleValue>> prefixRecord = records.find(prefixHandle);
        if (prefixRecord.isEmpty() || !Homing.isPrefixHandle(prefixHandle)) {
            return Optional.of(new Response.Failure(
                    ResponseCode.SERVER_NOT_RESPONSIBLE, "prefix handle " + prefixName + " does not live here"));
        }
        ResponseCode verdict = authority.judge(prefixRecord.get(), identity, AdminRecord.LIST_HANDLES);
        return verdict == ResponseCode.SUCCESS
                ? Optional.empty()
                : Optional.of(new Response.Failure(verdict, "not allowed to list handles"));
    }

    /** The prefixes that live here; for the node's own administrators. */
    List<Response> homedPrefixes() {
        return messages(registrar.homedPrefixes().stream()
                .filter(prefix -> homing.livesHere(new Handle(prefix + "/-")))
                .map(prefix -> Homing.PREFIX_OF_PREFIXES + '/' + prefix)
                .toList());
    }

    static List<Response> messages(List<String> names) {
        List<Response> messages = new ArrayList<>();
        int from = 0;
        do {
            int to = endOfMessage(names, from);
            messages.add(new Response.Names(names.subList(from, to), to < names.size()));
            from = to;
        } while (from < names.size());
        return messages;
    }

    private static int endOfMessage(List<String> names, int from) {
        int bytes = 0;
        int to = from;
        while (to < names.size() && to - from < NAMES_PER_MESSAGE) {
            bytes += 4 + names.get(to).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > BYTES_PER_MESSAGE) {
                return to; // a name has at most 2 KiB, so at least one fits
            }
            to++;
        }
        return to;
    }
}
