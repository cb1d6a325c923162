package io.waymark.resolver.admin;

import io.waymark.identifier.handle.ValueReference;
import io.waymark.storage.record.Author;

/** Whose changes history says they are. */
final class Authors {
    private Authors() {}

    static Author of(ValueReference identity) {
        return identity.equals(Administration.OPERATOR) ? Author.OPERATOR : Author.of(identity);
    }
}
