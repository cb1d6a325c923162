package io.waymark.platform.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Patch;
import com.linecorp.armeria.server.annotation.Post;
import io.waymark.gateway.access.DeviceExistsException;
import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.storage.device.Device;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Devices that may connect. */
@Description("Devices that may connect.")
@Decorator(OperatorOnly.class)
@Blocking
final class DeviceService {
    private static final String DEVICES = "/api/v1/devices";
    private static final String ONE = DEVICES + "/";
    private static final String ROTATE = "/rotate";

    private final DeviceRegistry devices;

    DeviceService(DeviceRegistry devices) {
        this.devices = devices;
    }

    @Post(DEVICES)
    @Description("Registers a device: {\"id\", \"group\"?, \"password\"?}. A generated password is told this once.")
    public HttpResponse create(AggregatedHttpRequest request) {
        ObjectNode body = Json.parseObject(request, Set.of("id", "group", "password"));
        Optional<String> password = Json.optionalText(body, "password");
        try {
            DeviceRegistry.Created created = devices.create(
                    Json.text(body, "id"), Json.optionalText(body, "group").orElse(""), password);
            ObjectNode answer = Json.object().put("id", created.id()).put("group", created.group());
            if (password.isEmpty()) {
                answer.put("password", created.password());
            }
            return Json.answer(HttpStatus.CREATED, answer);
        } catch (DeviceExistsException e) {
            throw new ApiException(HttpStatus.CONFLICT, "device_exists", String.valueOf(e.getMessage()));
        }
    }

    @Get(DEVICES)
    @Description("Devices in order of id, behind the id in after, at most limit.")
    public HttpResponse list(@Param("after") @Default("") String after, @Param("limit") @Default("100") int limit) {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("devices");
        for (Device device : devices.list(after, limit)) {
            list.addObject()
                    .put("id", device.id())
                    .put("group", device.group())
                    .put("enabled", device.enabled())
                    .put(
                            "createdAt",
                            Instant.ofEpochMilli(device.createdAtMillis()).toString());
        }
        return Json.ok(answer);
    }

    @Patch("prefix:" + ONE)
    @Description("Lets a device connect or not: {\"enabled\"}. Holds from its next CONNECT on.")
    public HttpResponse change(ServiceRequestContext ctx, AggregatedHttpRequest request) {
        String id = RawPath.behind(ctx, ONE);
        JsonNode enabled = Json.parseObject(request, Set.of("enabled")).path("enabled");
        if (!enabled.isBoolean()) {
            throw ApiException.badRequest("bad_field", "\"enabled\" must be true or false");
        }
        if (!devices.setEnabled(id, enabled.booleanValue())) {
            throw unknown(id);
        }
        return Json.ok(Json.object().put("id", id).put("enabled", enabled.booleanValue()));
    }

    @Post("prefix:" + ONE)
    @Description("…/{id}/rotate gives the device a new password, told this once.")
    public HttpResponse rotate(ServiceRequestContext ctx) {
        String rest = RawPath.rawBehind(ctx, ONE);
        if (!rest.endsWith(ROTATE)) {
            throw ApiException.notFound("there is nothing at this path; /docs lists what there is");
        }
        String id = RawPath.decode(rest.substring(0, rest.length() - ROTATE.length()));
        String password = devices.rotate(id).orElseThrow(() -> unknown(id));
        return Json.ok(Json.object().put("id", id).put("password", password));
    }

    @Delete("prefix:" + ONE)
    @Description("Forgets a device.")
    public HttpResponse delete(ServiceRequestContext ctx) {
        String id = RawPath.behind(ctx, ONE);
        if (!devices.delete(id)) {
            throw unknown(id);
        }
        return HttpResponse.of(HttpStatus.NO_CONTENT);
    }

    private static ApiException unknown(String id) {
        return ApiException.notFound("there is no device " + id);
    }
}
