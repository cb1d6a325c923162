package io.waymark.resolver.admin;

import io.waymark.identifier.Handle;
import io.waymark.resolver.message.ResponseCode;

/** How a registration ended. Whatever is not {@link Refused} is on disk. */
public sealed interface Outcome {
    /** The family's members, for exhaustive switches. */
    enum Kind {
        /** {@link Created}. */
        CREATED,
        /** {@link Replaced}. */
        REPLACED,
        /** {@link Deleted}. */
        DELETED,
        /** {@link Refused}. */
        REFUSED
    }

    /** Which member this is. */
    Kind kind();

    /**
     * The handle is new.
     *
     * @param handle as registered
     */
    record Created(Handle handle) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.CREATED;
        }
    }

    /**
     * The handle existed and has other contents now.
     *
     * @param handle as registered
     */
    record Replaced(Handle handle) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.REPLACED;
        }
    }

    /**
     * The handle is gone.
     *
     * @param handle as asked
     */
    record Deleted(Handle handle) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.DELETED;
        }
    }

    /**
     * Nothing was changed.
     *
     * @param code why
     * @param message why, for people, naming the value and the bound
     */
    record Refused(ResponseCode code, String message) implements Outcome {
        @Override
        public Kind kind() {
            return Kind.REFUSED;
        }
    }
}
