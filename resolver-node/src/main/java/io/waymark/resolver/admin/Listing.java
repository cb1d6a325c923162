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
 * each, every one but the last saying that more follow. A message is made when there is room for it, so that a list costs the
 * same memory however long it is; handles registered or deleted meanwhile are in it or not, all others once, in order of
 * their folded names.
 *
 * @see "RFC 3652 §3.4.6 List Handle(s) Under a Naming Authority"
 */
final class Listing {
    static final int NAMES_PER_MESSAGE = 500;
    static final int BYTES_PER_MESSAGE = 200_000;

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
    Response handles(String prefixName, ValueReference identity) {
        return whyNot(prefixName, identity)
                .<Response>map(refusal -> refusal)
                .orElseGet(() -> handles(prefixName.substring(prefixName.indexOf('/') + 1), ""));
    }

    private Response.Names handles(String prefix, String afterFolded) {
        List<Handle> found = new ArrayList<>(NAMES_PER_MESSAGE + 1);
        records.list(prefix, afterFolded, NAMES_PER_MESSAGE + 1, found::add);
        List<String> names = found.stream().map(Handle::text).toList();
        int end = endOfMessage(names, 0);
        return new Response.Names(
                names.subList(0, end),
                end < names.size()
                        ? Optional.of(() -> handles(prefix, found.get(end - 1).canonical()))
                        : Optional.empty());
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
    Response homedPrefixes() {
        List<String> names = registrar.homedPrefixes().stream()
                .filter(prefix -> homing.livesHere(new Handle(prefix + "/-")))
                .map(prefix -> Homing.PREFIX_OF_PREFIXES + '/' + prefix)
                .toList();
        return message(names, 0);
    }

    private static Response.Names message(List<String> names, int from) {
        int to = endOfMessage(names, from);
        return new Response.Names(
                names.subList(from, to), to < names.size() ? Optional.of(() -> message(names, to)) : Optional.empty());
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
