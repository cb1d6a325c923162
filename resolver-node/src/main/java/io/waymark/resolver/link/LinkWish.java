package io.waymark.resolver.link;

import java.util.List;

/**
 * What in a request tells links of one type apart.
 *
 * @param mediaTypes empty if the client does not say
 * @param languages empty if the client does not say
 * @param contexts where or for whom, any of them will do; empty if the client does not say
 */
public record LinkWish(Preferences mediaTypes, Preferences languages, List<String> contexts) {
    /** Copies the list. */
    public LinkWish {
        contexts = List.copyOf(contexts);
    }
}
