package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.identifier.Identifier;
import io.waymark.identifier.MalformedIdentifierException;
import io.waymark.identifier.Scheme;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.HandleValueCodec;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.resolver.message.ResponseCode;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a registration may look like. Pure: (record now, registration, time) to a decision. */
public final class RegistrationRules {
    /** The largest record, so that header, name and signature fit beside it in one message. */
    public static final int MAX_RECORD_BYTES = 256_000;
    /** The longest type. */
    public static final int MAX_TYPE_BYTES = 256;
    /** Types whose data is another code of the thing the record describes. */
    private static final Set<String> ALIAS_TYPES = Set.of("GS1", "ALIAS");

    private final CodeReader codes;

    /**
     * @param codes reads the data of alias values
     */
    public RegistrationRules(CodeReader codes) {
        this.codes = codes;
    }

    /**
     * Decides a registration of a record's whole content.
     *
     * @param exists whether the handle has a record now
     * @param homed whether the handle's prefix lives here
     * @param nowSeconds becomes every value's timestamp
     */
    public Decision put(Registration wanted, boolean exists, boolean homed, int nowSeconds) {
        if (!homed) {
            return Decision.refuse(
                    ResponseCode.SERVER_NOT_RESPONSIBLE,
                    "prefix " + wanted.handle().prefix() + " does not live here");
        }
        if (exists && !wanted.overwrite()) {
            return Decision.refuse(
                    ResponseCode.HANDLE_ALREADY_EXISTS,
                    "handle " + wanted.handle().text() + " exists already");
        }
        Handle handle = wanted.handle();
        return write(
                handle,
                stamped(wanted.values(), nowSeconds),
                false,
                exists ? new Outcome.Replaced(handle) : new Outcome.Created(handle));
    }

    /** Decides to give an existing record this content, most of which it has already; timestamps included. */
    Decision edit(Handle handle, List<HandleValue> values) {
        return write(handle, values, true, new Outcome.Replaced(handle));
    }

    private Decision write(Handle handle, List<HandleValue> values, boolean edited, Outcome outcome) {
        Optional<Decision> fault = fault(values);
        if (fault.isPresent()) {
            return fault.get();
        }
        Set<String> aliases = new LinkedHashSet<>();
        for (HandleValue v : values) {
            try {
                alias(handle, v).ifPresent(aliases::add);
            } catch (MalformedIdentifierException e) {
                return Decision.refuse(
                        ResponseCode.INVALID_VALUE,
                        "value " + v.index() + " of type " + v.type() + " is no code: " + e.getMessage());
            }
        }
        return new Decision(List.of(new RecordChange.Put(handle, values, List.copyOf(aliases), edited)), outcome);
    }

    /** The values with the node's time, which the client's never replaces. */
    static List<HandleValue> stamped(List<HandleValue> values, int nowSeconds) {
        return values.stream().map(v -> stamped(v, nowSeconds)).toList();
    }

    private static HandleValue stamped(HandleValue v, int nowSeconds) {
        return new HandleValue(v.index(), v.type(), v.data(), v.ttl(), nowSeconds, v.permissions(), v.references());
    }

    /** Why a record may not hold this value as a link; empty if it may, or it is none. */
    public static Optional<String> linkFault(HandleValue value) {
        return LinkRules.fault(value);
    }

    /** Whether the data of values of this type is another code of the thing. */
    public static boolean isAliasType(String type) {
        return ALIAS_TYPES.contains(Handle.foldAscii(type));
    }

    /**
     * The code a value declares, unless its type is none of those or the code is the handle itself.
     *
     * @throws MalformedIdentifierException if the data is no code, or one too long to be a key of the store
     */
    public Optional<String> alias(Handle handle, HandleValue value) throws MalformedIdentifierException {
        if (!isAliasType(value.type())) {
            return Optional.empty();
        }
        Identifier code = codes.read(value.dataText());
        // a record need not be an alias of itself
        boolean itself = code.scheme() == Scheme.HANDLE && code.canonical().equals(handle.canonical());
        if (code.canonical().length() > Handle.MAX_BYTES) {
            throw new MalformedIdentifierException(
                    "code must be at most " + Handle.MAX_BYTES + " characters but was "
                            + code.canonical().length(),
                    -1);
        }
        return itself ? Optional.empty() : Optional.of(code.canonical());
    }

    private static Optional<Decision> fault(List<HandleValue> values) {
        if (values.isEmpty() || values.size() > HandleValueCodec.MAX_VALUES) {
            return invalid("a record must have 1.." + HandleValueCodec.MAX_VALUES + " values but had " + values.size());
        }
        Set<Integer> indexes = new HashSet<>();
        long bytes = 4;
        for (HandleValue v : values) {
            if (!indexes.add(v.index())) {
                return Optional.of(Decision.refuse(
                        ResponseCode.VALUE_ALREADY_EXISTS, "index " + v.index() + " occurs more than once"));
            }
            int typeBytes = v.type().getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
            if (typeBytes < 1 || typeBytes > MAX_TYPE_BYTES) {
                return invalid("type of value " + v.index() + " must have 1.." + MAX_TYPE_BYTES + " bytes but had "
                        + typeBytes);
            }
            if (!v.ttl().absolute() && v.ttl().seconds() < 0) {
                return invalid("ttl of value " + v.index() + " must not be negative but was "
                        + v.ttl().seconds());
            }
            Optional<String> badLink = LinkRules.fault(v);
            if (badLink.isPresent()) {
                return invalid(badLink.get());
            }
            bytes += HandleValueCodec.encodedSize(v);
        }
        return bytes > MAX_RECORD_BYTES
                ? invalid("a record must have at most " + MAX_RECORD_BYTES + " bytes but had " + bytes)
                : Optional.empty();
    }

    private static Optional<Decision> invalid(String message) {
        return Optional.of(Decision.refuse(ResponseCode.INVALID_VALUE, message));
    }
}
