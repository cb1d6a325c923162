package io.waymark.platform.endtoend;

import io.waymark.testing.Http;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Over the JSON REST API, with the operator's token. */
final class RestRegistering extends Registering {
    private static final String VALUE = "{\"index\":1,\"type\":\"DESC\",\"data\":\"%s\"}";

    private final HttpClient http = Http.client();
    private final URI root;
    private final String token;

    RestRegistering(String name, long seed, URI root, String token) {
        super(name, seed);
        this.root = root;
        this.token = token;
    }

    @Override
    boolean create(String handle, String text) throws Exception {
        return send("PUT", handle + "?overwrite=false", "[" + VALUE.formatted(text) + "]");
    }

    @Override
    boolean modify(String handle, String text) throws Exception {
        return send("PUT", handle + "?index=1", VALUE.formatted(text));
    }

    @Override
    boolean delete(String handle) throws Exception {
        return send("DELETE", handle, "");
    }

    private boolean send(String method, String path, String body) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(root + "/api/handles/" + path))
                .timeout(Duration.ofSeconds(20))
                .header("Authorization", "Bearer " + token)
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        return answer.statusCode() / 100 == 2 || refused(method + " " + path + ": " + answer.body());
    }
}
