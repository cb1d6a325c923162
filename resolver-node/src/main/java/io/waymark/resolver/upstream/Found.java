package io.waymark.resolver.upstream;

import io.waymark.resolver.message.Response;

/**
 * How a resolution ended.
 *
 * @param response values, a referral or a failure
 * @param authoritative whether this node speaks for the handle; else it repeats what another said, perhaps a while ago
 */
public record Found(Response response, boolean authoritative) {}
