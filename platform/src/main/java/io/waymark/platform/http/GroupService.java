package io.waymark.platform.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Decorator;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.Description;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Patch;
import com.linecorp.armeria.server.annotation.Post;
import io.waymark.gateway.access.GroupExistsException;
import io.waymark.gateway.access.GroupInUseException;
import io.waymark.storage.device.DeviceGroup;
import io.waymark.storage.device.DeviceGroup.Quota;
import io.waymark.storage.device.DeviceGroup.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Groups of devices: what their devices may publish and subscribe to, and how much. */
@Description("Groups of devices: who may publish and subscribe where, and how much.")
@Decorator(OperatorOnly.class)
@Blocking
final class GroupService {
    private static final String GROUPS = "/api/v1/groups";
    private static final String ONE = GROUPS + "/";

    private final ApiParts.Fleet fleet;

    GroupService(ApiParts.Fleet fleet) {
        this.fleet = fleet;
    }

    @Post(GROUPS)
    @Description(
            "Registers a group: {\"name\", \"rules\"?: [{\"effect\"?, \"scope\"?, \"filter\"}], \"quota\"?}. Without"
                    + " rules of its own those of the settings hold; with an empty list nothing is allowed. %c, %u and %g in a"
                    + " filter stand for client identifier, device and group.")
    public HttpResponse create(AggregatedHttpRequest request) {
        ObjectNode body = Json.parseObject(request, Set.of("name", "rules", "quota"));
        try {
            DeviceGroup made = fleet.groups()
                    .create(
                            Json.text(body, "name"),
                            DeviceJson.rules(body.path("rules")),
                            DeviceJson.quota(body.path("quota"), Quota.NONE));
            return Json.answer(HttpStatus.CREATED, DeviceJson.of(made));
        } catch (GroupExistsException e) {
            throw new ApiException(HttpStatus.CONFLICT, "group_exists", String.valueOf(e.getMessage()));
        }
    }

    @Get(GROUPS)
    @Description("All groups that are registered.")
    public HttpResponse list() {
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("groups");
        fleet.groups().list().forEach(group -> list.add(DeviceJson.of(group)));
        return Json.ok(answer);
    }

    @Get("prefix:" + ONE)
    @Description("…/{name}: one group.")
    public HttpResponse show(ServiceRequestContext ctx) {
        return Json.ok(DeviceJson.of(known(RawPath.behind(ctx, ONE))));
    }

    @Patch("prefix:" + ONE)
    @Description("…/{name}: {\"rules\"? (null = those of the settings), \"quota\"?}, each replaced as a whole. Holds at"
            + " once, for connections there are too.")
    public HttpResponse change(ServiceRequestContext ctx, AggregatedHttpRequest request) {
        String name = RawPath.behind(ctx, ONE);
        ObjectNode body = Json.parseObject(request, Set.of("rules", "quota"));
        DeviceGroup before = known(name);
        Optional<List<Rule>> rules = body.has("rules") ? DeviceJson.rules(body.path("rules")) : before.rules();
        Quota quota = DeviceJson.quota(body.path("quota"), before.quota());
        return Json.ok(DeviceJson.of(fleet.groups().change(name, rules, quota).orElseThrow(() -> unknown(name))));
    }

    @Delete("prefix:" + ONE)
    @Description("…/{name}: forgets a group in which no device is.")
    public HttpResponse delete(ServiceRequestContext ctx) {
        String name = RawPath.behind(ctx, ONE);
        try {
            if (!fleet.groups().delete(name, fleet.registry())) {
                throw unknown(name);
            }
        } catch (GroupInUseException e) {
            throw new ApiException(HttpStatus.CONFLICT, "group_in_use", String.valueOf(e.getMessage()));
        }
        return HttpResponse.of(HttpStatus.NO_CONTENT);
    }

    private DeviceGroup known(String name) {
        return fleet.groups().find(name).orElseThrow(() -> unknown(name));
    }

    private static ApiException unknown(String name) {
        return ApiException.notFound("there is no group " + name);
    }
}
