package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waymark.identifier.Handle;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.RecordChange;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.resolver.admin.Outcome;
import io.waymark.resolver.message.ResponseCode;
import io.waymark.resolver.message.Transport;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractRequest;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.CreateHandleRequest;
import net.handle.hdllib.DeleteHandleRequest;
import net.handle.hdllib.Encoder;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.ListHandlesRequest;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ServiceReferralResponse;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two nodes: one to whom a prefix is delegated, an enterprise's own, and one that sends everybody there. */
class ReferralIT {
    private static final String DELEGATED = "88.118.9";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    static Path directory;

    private static NodeHarness enterprise;
    private static NodeHarness harness;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

    @BeforeAll
    static void start() throws Exception {
        enterprise = new NodeHarness(Files.createDirectory(directory.resolve("enterprise")));
        NodeHarness.done(enterprise.node.registrar().homePrefix(DELEGATED, new byte[] {1}));
        enterprise.put(DELEGATED + "/PUMP", HandleValue.text(1, "URL", "https://pump.example/9", 0));
        NodeHarness.done(enterprise.node.registrar().homePrefix("88.200.1", new byte[] {1}));
        enterprise.put("88.200.1/X", HandleValue.text(1, "URL", "https://derived.example/x", 0));

        harness = new NodeHarness(Files.createDirectory(directory.resolve("second"))).withRecords();
        byte[] site = SiteInfoCodec.encode(enterprise.node.site());
        write("0.NA/" + DELEGATED, HandleValue.of(1, "HS_SITE", site, 0));
        write("0.NA/88.200", HandleValue.of(1, "HS_NA_DELEGATE", site, 0));
    }

    @AfterAll
    static void stop() {
        harness.close();
        enterprise.close();
    }

    /** As the operator's registration does. */
    private static void write(String handle, HandleValue... values) {
        harness.records
                .apply(List.of(new RecordChange.Put(new Handle(handle), List.of(values), List.of())))
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    private static HandleResolver client() {
        return OfflineResolver.create();
    }

    private static SiteInfo site(NodeHarness of) throws Exception {
        byte[] octets = SiteInfoCodec.encode(of.node.site());
        return Encoder.decodeSiteInfoRecord(octets, 0);
    }

    private static ResolutionRequest resolution(String handle) {
        return new ResolutionRequest(Util.encodeString(handle), new byte[0][], new int[0], null);
    }

    private static AbstractResponse send(Transport transport, AbstractRequest request) throws Exception {
        InetSocketAddress udp = harness.node.handleUdpAddress();
        InetSocketAddress http = harness.node.httpAddress();
        return switch (transport) {
            case UDP -> client().sendHdlUdpRequest(request, udp.getAddress(), udp.getPort());
            case TCP -> client().sendHdlTcpRequest(request, udp.getAddress(), udp.getPort());
            case HTTP -> client().sendHttpRequest(request, http.getAddress(), http.getPort());
        };
    }

    @ParameterizedTest
    @EnumSource
    void refersToTheSiteOfADelegatedPrefix(Transport transport) throws Exception {
        AbstractResponse response = send(transport, resolution(DELEGATED + "/pump"));

        assertThat(response.responseCode).isEqualTo(AbstractMessage.RC_SERVICE_REFERRAL);
        ServiceReferralResponse referral = (ServiceReferralResponse) response;
        assertThat(Util.decodeString(referral.handle)).isEqualTo("0.NA/" + DELEGATED);
        assertThat(referral.getHandleValues()).hasSize(1);
        assertThat(referral.getHandleValues()[0].getTypeAsString()).isEqualTo("HS_SITE");
    }

    @Test
    void referenceClientThatStartsHereIsLedToTheEnterprise() throws Exception {
        HandleResolver client = client();
        client.getConfiguration().setGlobalSites(new SiteInfo[] {site(harness)});

        assertThat(client.resolveHandle(DELEGATED + "/pump", new String[] {"URL"}, null))
                .extracting(net.handle.hdllib.HandleValue::getDataAsString)
                .containsExactly("https://pump.example/9");
    }

    @Test
    void referenceClientFollowsTheReferralItself() throws Exception {
        HandleResolver client = client();
        // told that everything lives here, it cannot know better than to ask here
        client.getConfiguration().setLocalSites("0.NA/" + DELEGATED, new SiteInfo[] {site(harness)});
        double before = enterprise.count("waymark.resolver.requests");

        assertThat(client.resolveHandle(DELEGATED + "/pump", new String[] {"URL"}, null))
                .extracting(net.handle.hdllib.HandleValue::getDataAsString)
                .containsExactly("https://pump.example/9");
        assertThat(enterprise.count("waymark.resolver.requests")).isGreaterThan(before);
    }

    @Test
    void refersToTheSiteOfDerivedPrefixesWithCode303() throws Exception {
        AbstractResponse response = send(Transport.UDP, resolution("0.NA/88.200.1"));

        assertThat(response.responseCode).isEqualTo(AbstractMessage.RC_PREFIX_REFERRAL);
        assertThat(Util.decodeString(((ServiceReferralResponse) response).handle))
                .isEqualTo("0.NA/88.200");
    }

    @Test
    void referenceClientFindsAHandleBehindADerivedPrefix() throws Exception {
        HandleResolver client = client();
        client.getConfiguration().setGlobalSites(new SiteInfo[] {site(harness)});

        assertThat(client.resolveHandle("88.200.1/X", new String[] {"URL"}, null))
                .extracting(net.handle.hdllib.HandleValue::getDataAsString)
                .containsExactly("https://derived.example/x");
    }

    @Test
    void clientsBelow25AreReferredWithCode302AndAnHsSite() throws Exception {
        ResolutionRequest request = resolution("0.NA/88.200.1");
        request.majorProtocolVersion = 2;
        request.minorProtocolVersion = 3;
        request.suggestMajorProtocolVersion = 2;
        request.suggestMinorProtocolVersion = 4;

        ServiceReferralResponse response = (ServiceReferralResponse) send(Transport.TCP, request);

        assertThat(response.responseCode).isEqualTo(AbstractMessage.RC_SERVICE_REFERRAL);
        assertThat(response.getHandleValues()[0].getTypeAsString()).isEqualTo("HS_SITE");
    }

    @ParameterizedTest
    @EnumSource
    void doesNotReferWhoDoesNotWantTo(Transport transport) throws Exception {
        ResolutionRequest request = resolution(DELEGATED + "/PUMP");
        request.doNotRefer = true;

        assertThat(send(transport, request).responseCode).isEqualTo(AbstractMessage.RC_SERVER_NOT_RESP);
    }

    @Test
    void thePrefixHandleItselfIsAnsweredHere() throws Exception {
        assertThat(send(Transport.UDP, resolution("0.NA/" + DELEGATED)).responseCode)
                .isEqualTo(AbstractMessage.RC_SUCCESS);
    }

    @Test
    void administrationIsReferredBeforeAnybodyMustProveWhoHeIs() throws Exception {
        byte[] handle = Util.encodeString(DELEGATED + "/NEW");
        net.handle.hdllib.HandleValue value =
                new net.handle.hdllib.HandleValue(1, Util.encodeString("URL"), Util.encodeString("https://x.example"));

        assertThat(send(
                                Transport.TCP,
                                new CreateHandleRequest(handle, new net.handle.hdllib.HandleValue[] {value}, null))
                        .responseCode)
                .isEqualTo(AbstractMessage.RC_SERVICE_REFERRAL);
        assertThat(send(Transport.TCP, new DeleteHandleRequest(handle, null)).responseCode)
                .isEqualTo(AbstractMessage.RC_SERVICE_REFERRAL);
        assertThat(send(Transport.TCP, new ListHandlesRequest(Util.encodeString("0.NA/" + DELEGATED), null))
                        .responseCode)
                .isEqualTo(AbstractMessage.RC_SERVICE_REFERRAL);
    }

    @Test
    void registrationUnderADelegatedPrefixIsRefused() {
        Outcome outcome = harness.node
                .registrar()
                .put(new Handle(DELEGATED + "/NEW"), List.of(HandleValue.text(1, "URL", "https://x.example", 0)), true)
                .join();

        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Outcome.Refused.class,
                        r -> assertThat(r.code()).isEqualTo(ResponseCode.SERVER_NOT_RESPONSIBLE));
    }

    @Test
    void aPrefixIsGivenAwayWhileItHasNoHandles() throws Exception {
        byte[] secret = {1};
        NodeHarness.done(harness.node.registrar().homePrefix("88.118.11", secret));
        NodeHarness.done(harness.node.registrar().delegatePrefix("88.118.11", enterprise.node.site()));
        NodeHarness.done(harness.node.registrar().delegatePrefix("88.118.11", enterprise.node.site()));

        assertThat(send(Transport.UDP, resolution("88.118.11/X")).responseCode)
                .isEqualTo(AbstractMessage.RC_SERVICE_REFERRAL);
        assertThat(harness.node
                        .registrar()
                        .delegation("88.118.11")
                        .orElseThrow()
                        .values())
                .hasSize(1);
        assertThat(harness.node.registrar().delegation(NodeHarness.PREFIX)).isEmpty();
        assertThat(refusal(NodeHarness.PREFIX, enterprise.node.site())).isEqualTo(ResponseCode.HANDLE_ALREADY_EXISTS);
        assertThat(refusal("88.118.12", harness.node.site())).isEqualTo(ResponseCode.INVALID_VALUE);
        assertThat(refusal("88/118", enterprise.node.site())).isEqualTo(ResponseCode.INVALID_HANDLE);
    }

    private static ResponseCode refusal(String prefix, io.waymark.identifier.handle.SiteInfo site) {
        Outcome outcome = harness.node.registrar().delegatePrefix(prefix, site).join();
        return outcome instanceof Outcome.Refused refused ? refused.code() : ResponseCode.SUCCESS;
    }

    @Test
    void aPrefixThatNamesThisNodesOwnSiteLivesHere() throws Exception {
        write("0.NA/88.118.10", HandleValue.of(1, "HS_SITE", SiteInfoCodec.encode(harness.node.site()), 0));

        harness.put("88.118.10/A", HandleValue.text(1, "URL", "https://own.example", 0));

        assertThat(send(Transport.UDP, resolution("88.118.10/A")).responseCode).isEqualTo(AbstractMessage.RC_SUCCESS);
        assertThat(send(Transport.UDP, resolution("88.118.10/B")).responseCode)
                .isEqualTo(AbstractMessage.RC_HANDLE_NOT_FOUND);
    }

    @Test
    void jsonSaysWhoToAskWithStatus300() throws Exception {
        HttpResponse<String> answer = get(harness.http("/api/handles/" + DELEGATED + "/pump"), "application/json");

        JsonNode json = JSON.readTree(answer.body());
        assertThat(answer.statusCode()).isEqualTo(300);
        assertThat(json.path("responseCode").asInt()).isEqualTo(302);
        assertThat(json.path("handle").asText()).isEqualTo(DELEGATED + "/pump");
        assertThat(json.path("referralHandle").asText()).isEqualTo("0.NA/" + DELEGATED);
        assertThat(json.at("/values/0/data/value/servers/0/address").asText()).isEqualTo("127.0.0.1");
    }

    @Test
    void jsonSaysThatThePrefixLivesElsewhereIfReferralsAreUnwanted() throws Exception {
        HttpResponse<String> answer =
                get(harness.http("/api/handles/" + DELEGATED + "/pump?doNotRefer"), "application/json");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(JSON.readTree(answer.body()).path("responseCode").asInt()).isEqualTo(301);
    }

    @Test
    void browsersAreSentToTheSameAddressAtTheEnterprise() throws Exception {
        HttpResponse<String> first = get(harness.http("/" + DELEGATED + "/pump?lang=zh"), "text/html");

        URI next = URI.create(first.headers().firstValue("location").orElseThrow());
        assertThat(first.statusCode()).isEqualTo(302);
        assertThat(next).isEqualTo(enterprise.http("/" + DELEGATED + "/pump?lang=zh"));
        assertThat(get(next, "text/html").headers().firstValue("location")).contains("https://pump.example/9");
    }

    private static HttpResponse<String> get(URI where, String accept) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(where).header("Accept", accept).build(), HttpResponse.BodyHandlers.ofString());
    }
}
