package io.waymark.platform.http;

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
import io.waymark.gateway.access.CertificateNames;
import io.waymark.gateway.access.DeviceChange;
import io.waymark.gateway.access.DeviceExistsException;
import io.waymark.gateway.access.DeviceRegistry;
import io.waymark.gateway.access.NewDevice;
import io.waymark.storage.device.CertificateTakenException;
import io.waymark.storage.device.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Devices that may connect. */
@Description("Devices that may connect.")
@Decorator(OperatorOnly.class)
@Blocking
final class DeviceService {
    private static final String DEVICES = "/api/v1/devices";
    private static final String ONE = DEVICES + "/";
    private static final String ROTATE = "/rotate";
    private static final Set<String> NEW_FIELDS =
            Set.of("id", "group", "password", "passwordless", "enabled", "certificates");
    private static final Set<String> CHANGE_FIELDS =
            Set.of("enabled", "group", "certificates", "addCertificates", "removeCertificates");

    private final ApiParts.Fleet fleet;

    DeviceService(ApiParts.Fleet fleet) {
        this.fleet = fleet;
    }

    @Post(DEVICES)
    @Description("Registers a device: {\"id\", \"group\"?, \"password\"?, \"passwordless\"?, \"enabled\"?,"
            + " \"certificates\"?}. A generated password is told this once. With ?dryRun=true it is only checked.")
    public HttpResponse create(AggregatedHttpRequest request, @Param("dryRun") @Default("false") boolean dryRun) {
        ObjectNode body = Json.parseObject(request, NEW_FIELDS);
        NewDevice wanted = new NewDevice(
                Json.text(body, "id"),
                Json.optionalText(body, "group").orElse(""),
                DeviceJson.flag(body, "enabled").orElse(true),
                !DeviceJson.flag(body, "passwordless").orElse(false),
                Json.optionalText(body, "password"),
                DeviceJson.texts(body, "certificates").orElse(List.of()));
        return conflicting(() -> dryRun ? check(wanted) : create(wanted));
    }

    private HttpResponse check(NewDevice wanted) {
        fleet.registry().check(wanted);
        return Json.ok(Json.object().put("id", wanted.id()));
    }

    private HttpResponse create(NewDevice wanted) {
        DeviceRegistry.Created created = fleet.registry().create(wanted);
        ObjectNode answer = Json.object().put("id", created.id()).put("group", created.group());
        if (wanted.passwords() && wanted.password().isEmpty()) {
            answer.put("password", created.password());
        }
        return Json.answer(HttpStatus.CREATED, answer);
    }

    private static HttpResponse conflicting(Supplier<HttpResponse> change) {
        try {
            return change.get();
        } catch (DeviceExistsException e) {
            throw new ApiException(HttpStatus.CONFLICT, "device_exists", String.valueOf(e.getMessage()));
        } catch (CertificateTakenException e) {
            throw new ApiException(HttpStatus.CONFLICT, "certificate_taken", String.valueOf(e.getMessage()));
        }
    }

    @Get(DEVICES)
    @Description("Devices in order of id, behind the id in after, at most limit; of one group, and with state enabled,"
            + " disabled, connected or disconnected, if asked.")
    public HttpResponse list(
            @Param("after") @Default("") String after,
            @Param("limit") @Default("100") int limit,
            @Param("group") @Default("") String group,
            @Param("state") @Default("") String state) {
        Predicate<Device> wanted =
                ofState(state).and(device -> group.isEmpty() || device.group().equals(group));
        ObjectNode answer = Json.object();
        ArrayNode list = answer.putArray("devices");
        for (Device device : fleet.registry().list(after, limit, wanted)) {
            list.add(DeviceJson.withSight(
                    DeviceJson.of(device), fleet.sightings().of(device.id())));
        }
        return Json.ok(answer);
    }

    private Predicate<Device> ofState(String state) {
        return switch (state) {
            case "" -> device -> true;
            case "enabled" -> Device::enabled;
            case "disabled" -> device -> !device.enabled();
            case "connected" -> device -> isConnected(device.id());
            case "disconnected" -> device -> !isConnected(device.id());
            default ->
                throw ApiException.badRequest(
                        "bad_state",
                        "state must be enabled, disabled, connected or disconnected but was \"" + state + "\"");
        };
    }

    private boolean isConnected(String id) {
        return !fleet.live().ofRegistered(id).isEmpty();
    }

    @Get("prefix:" + ONE)
    @Description("…/{id}: what is registered of a device, when it was last there, and its connections now.")
    public HttpResponse show(ServiceRequestContext ctx) {
        String id = RawPath.behind(ctx, ONE);
        Device device = fleet.registry().find(id).orElseThrow(() -> unknown(id));
        ObjectNode answer =
                DeviceJson.withSight(DeviceJson.of(device), fleet.sightings().of(id));
        return Json.ok(DeviceJson.withConnections(answer, fleet.live().ofRegistered(id)));
    }

    @Patch("prefix:" + ONE)
    @Description("…/{id}: {\"enabled\"?, \"group\"?, \"certificates\"? or \"addCertificates\"? and"
            + " \"removeCertificates\"?}. Holds at once, for its connections too.")
    public HttpResponse change(ServiceRequestContext ctx, AggregatedHttpRequest request) {
        String id = RawPath.behind(ctx, ONE);
        ObjectNode body = Json.parseObject(request, CHANGE_FIELDS);
        if (body.isEmpty()) {
            throw ApiException.badRequest(
                    "missing_field", "nothing to change; known: " + String.join(", ", new TreeSet<>(CHANGE_FIELDS)));
        }
        DeviceChange change = new DeviceChange(
                Json.optionalText(body, "group"), DeviceJson.flag(body, "enabled"), certificates(id, body));
        return conflicting(
                () -> Json.ok(DeviceJson.of(fleet.registry().change(id, change).orElseThrow(() -> unknown(id)))));
    }

    private Optional<List<String>> certificates(String id, ObjectNode body) {
        Optional<List<String>> all = DeviceJson.texts(body, "certificates");
        Optional<List<String>> add = DeviceJson.texts(body, "addCertificates");
        Optional<List<String>> remove = DeviceJson.texts(body, "removeCertificates");
        if (all.isPresent() || (add.isEmpty() && remove.isEmpty())) {
            return all;
        }
        List<String> names = new ArrayList<>(
                fleet.registry().find(id).orElseThrow(() -> unknown(id)).certificates());
        for (String name : remove.orElse(List.of())) {
            String parsed = CertificateNames.parse(name);
            if (!names.remove(parsed)) {
                throw ApiException.notFound("device " + id + " has no certificate " + parsed);
            }
        }
        names.addAll(add.orElse(List.of()));
        return Optional.of(names);
    }

    @Post("prefix:" + ONE)
    @Description("…/{id}/rotate gives the device this {\"password\"}, or one that is generated and told this once.")
    public HttpResponse rotate(ServiceRequestContext ctx, AggregatedHttpRequest request) {
        String rest = RawPath.rawBehind(ctx, ONE);
        if (!rest.endsWith(ROTATE)) {
            throw ApiException.notFound("there is nothing at this path; /docs lists what there is");
        }
        String id = RawPath.decode(rest.substring(0, rest.length() - ROTATE.length()));
        Optional<String> given = request.content().isEmpty()
                ? Optional.empty()
                : Json.optionalText(Json.parseObject(request, Set.of("password")), "password");
        String password = fleet.registry().rotate(id, given).orElseThrow(() -> unknown(id));
        ObjectNode answer = Json.object().put("id", id);
        if (given.isEmpty()) {
            answer.put("password", password);
        }
        return Json.ok(answer);
    }

    @Delete("prefix:" + ONE)
    @Description("Forgets a device.")
    public HttpResponse delete(ServiceRequestContext ctx) {
        String id = RawPath.behind(ctx, ONE);
        if (!fleet.registry().delete(id)) {
            throw unknown(id);
        }
        return HttpResponse.of(HttpStatus.NO_CONTENT);
    }

    private static ApiException unknown(String id) {
        return ApiException.notFound("there is no device " + id);
    }
}
