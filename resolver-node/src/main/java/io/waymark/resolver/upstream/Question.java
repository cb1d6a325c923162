package io.waymark.resolver.upstream;

import io.waymark.resolver.message.OpFlags;
import io.waymark.resolver.message.Request;
import io.waymark.resolver.message.RequestMessage;
import io.waymark.resolver.resolve.Resolver.Reader;
import io.waymark.resolver.resolve.ValueFilter;

/**
 * A resolution, whatever door it came through.
 *
 * @param handle as asked; without a slash: a prefix
 * @param filter the values wanted
 * @param reader whose eyes see the answer
 * @param mayBeReferred whether the asker can go and ask another node
 * @param recursive whether this node may ask another one for him
 * @param fresh whether what was remembered will not do
 * @param recursionCount how often the question was passed on before it came here
 */
public record Question(
        String handle,
        ValueFilter filter,
        Reader reader,
        boolean mayBeReferred,
        boolean recursive,
        boolean fresh,
        int recursionCount) {

    /** As a Handle client asked. */
    public static Question of(RequestMessage message, Request.Resolution request) {
        // a client that wants the very owner's signature must ask the owner
        boolean ownSignature = message.has(OpFlags.CERTIFIED) && !message.has(OpFlags.CACHE_CERTIFIED);
        return new Question(
                request.handle(),
                new ValueFilter(request.indexes(), request.types()),
                Reader.ANYONE,
                !message.has(OpFlags.NO_REFERRAL),
                message.has(OpFlags.RECURSIVE) && !ownSignature,
                message.has(OpFlags.AUTHORITATIVE),
                message.header().recursionCount());
    }

    /** As a program or a browser asked over HTTP. */
    public static Question overHttp(
            String handle, ValueFilter filter, Reader reader, boolean mayBeReferred, boolean fresh) {
        return new Question(handle, filter, reader, mayBeReferred, true, fresh, 0);
    }
}
