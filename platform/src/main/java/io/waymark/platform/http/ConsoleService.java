package io.waymark.platform.http;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.file.FileService;

/** The console's files, and the answer to every path that nothing else takes. */
final class ConsoleService implements HttpService {
    private final HttpService files = FileService.of(ConsoleService.class.getClassLoader(), "/web")
            .orElse((ctx, request) -> {
                throw ApiException.notFound("there is nothing at " + ctx.path() + "; /docs lists what there is");
            });

    @Override
    public void serviceAdded(ServiceConfig config) throws Exception {
        files.serviceAdded(config);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext ctx, HttpRequest request) throws Exception {
        if (request.method() == HttpMethod.GET || request.method() == HttpMethod.HEAD) {
            return files.serve(ctx, request);
        }
        throw new ApiException(
                HttpStatus.METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "nothing takes " + request.method() + " at " + ctx.path() + "; /docs lists what there is");
    }
}
