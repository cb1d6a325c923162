package io.waymark.resolver;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import net.handle.hdllib.AbstractMessage;
import net.handle.hdllib.AbstractRequest;
import net.handle.hdllib.AbstractResponse;
import net.handle.hdllib.GenericRequest;
import net.handle.hdllib.GetSiteInfoResponse;
import net.handle.hdllib.HandleResolver;
import net.handle.hdllib.HandleValue;
import net.handle.hdllib.Interface;
import net.handle.hdllib.ResolutionRequest;
import net.handle.hdllib.ResolutionResponse;
import net.handle.hdllib.SiteInfo;
import net.handle.hdllib.Util;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference client of the Handle System, unmodified, against the node. */
class CnriClientIT {
    @TempDir
    static Path directory;

    private static NodeHarness harness;
    private static HandleResolver client;

    enum Way {
        UDP(Interface.SP_HDL_UDP),
        TCP(Interface.SP_HDL_TCP),
        HTTP(Interface.SP_HDL_HTTP),
        HTTPS(Interface.SP_HDL_HTTPS);

        final int protocol;

        Way(int protocol) {
            this.protocol = protocol;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        harness = new NodeHarness(directory).withRecords();
        client = offline();
        client.getConfiguration().setLocalSites("0.NA/" + NodeHarness.PREFIX, new SiteInfo[] {site()});
    }

    @AfterAll
    static void stop() {
        harness.close();
    }

    private static HandleResolver offline() {
        return OfflineResolver.create();
    }

    private static SiteInfo site() throws Exception {
        AbstractResponse response =
                sendHttp(new GenericRequest(Util.encodeString("/"), AbstractMessage.OC_GET_SITE_INFO, null));
        return ((GetSiteInfoResponse) response).siteInfo;
    }

    private static AbstractResponse sendHttp(AbstractRequest request) throws Exception {
        InetSocketAddress http = harness.node.httpAddress();
        return offline().sendHttpRequest(request, http.getAddress(), http.getPort());
    }

    private static ResolutionRequest request(String handle, String[] types, int[] indexes) {
        byte[][] typeBytes = new byte[types.length][];
        for (int i = 0; i < types.length; i++) {
            typeBytes[i] = Util.encodeString(types[i]);
        }
        return new ResolutionRequest(Util.encodeString(handle), typeBytes, indexes, null);
    }

    private static AbstractResponse send(Way way, AbstractRequest request) throws Exception {
        return client.sendRequestToSite(request, site(), way.protocol);
    }

    private static HandleValue[] values(AbstractResponse response) throws Exception {
        assertThat(response.responseCode).as("%s", response).isEqualTo(AbstractMessage.RC_SUCCESS);
        return ((ResolutionResponse) response).getHandleValues();
    }

    @ParameterizedTest
    @EnumSource
    void resolvesAHandle(Way way) throws Exception {
        HandleValue[] values = values(send(way, request("88.118.8/abc123", new String[0], new int[0])));

        assertThat(values).hasSize(3);
        assertThat(values[0].getIndex()).isEqualTo(1);
        assertThat(values[0].getTypeAsString()).isEqualTo("URL");
        assertThat(values[0].getDataAsString()).isEqualTo(NodeHarness.URL);
        assertThat(values[0].getTimestamp()).isPositive();
    }

    @ParameterizedTest
    @EnumSource
    void filtersByTypeAndIndex(Way way) throws Exception {
        HandleValue[] urls = values(send(way, request("88.118.8/ABC123", new String[] {"url."}, new int[0])));
        HandleValue[] either = values(send(way, request("88.118.8/ABC123", new String[] {"URL"}, new int[] {2})));

        assertThat(urls).extracting(HandleValue::getIndex).containsExactly(1, 3);
        assertThat(either).extracting(HandleValue::getIndex).containsExactly(1, 2);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatAHandleIsNotThere(Way way) throws Exception {
        assertThat(send(way, request("88.118.8/none", new String[0], new int[0])).responseCode)
                .isEqualTo(AbstractMessage.RC_HANDLE_NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource
    void saysThatAPrefixLivesElsewhere(Way way) throws Exception {
        assertThat(send(way, request("10.9999/x", new String[0], new int[0])).responseCode)
                .isEqualTo(AbstractMessage.RC_SERVER_NOT_RESP);
    }

    @Test
    void saysThatNoValueFits() throws Exception {
        assertThat(send(Way.UDP, request("88.118.8/ABC123", new String[] {"EMAIL"}, new int[0])).responseCode)
                .isEqualTo(AbstractMessage.RC_VALUES_NOT_FOUND);
    }

    @ParameterizedTest
    @EnumSource
    void givesSignedAnswersTheClientVerifies(Way way) throws Exception {
        ResolutionRequest request = request("88.118.8/ABC123", new String[0], new int[0]);
        request.certify = true;

        AbstractResponse response = send(way, request); // throws if the signature does not verify

        assertThat(values(response)).hasSize(3);
        assertThat(response.certify).isTrue();
        assertThat(response.signature).isNotEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void startsTheAnswerWithTheRequestsDigestIfAsked(Way way) throws Exception {
        ResolutionRequest request = request("88.118.8/ABC123", new String[0], new int[0]);
        request.returnRequestDigest = true;

        AbstractResponse response = send(way, request); // throws if the digest is another request's

        assertThat(values(response)).hasSize(3);
        assertThat(response.requestDigest).hasSize(32);
    }

    @ParameterizedTest
    @EnumSource
    void keepsPrivateValuesFromAnonymousCallers(Way way) throws Exception {
        HandleValue[] values = values(send(way, request("88.118.8/SECRETIVE", new String[0], new int[0])));

        assertThat(values).extracting(HandleValue::getIndex).containsExactly(1);
    }

    @Test
    void resolvesTheWayMostProgramsDo() throws Exception {
        HandleValue[] values = client.resolveHandle("88.118.8/ABC123", new String[] {"URL"}, null);

        assertThat(values).extracting(HandleValue::getDataAsString).containsExactly(NodeHarness.URL);
    }

    @Test
    void servesAClientThatStartsAtTheRoot() throws Exception {
        HandleResolver outsider = offline();
        outsider.getConfiguration().setGlobalSites(new SiteInfo[] {site()});

        HandleValue[] values = outsider.resolveHandle("88.118.8/ABC123", new String[] {"URL"}, null);

        assertThat(values).extracting(HandleValue::getDataAsString).containsExactly(NodeHarness.URL);
    }

    @Test
    void describesItsOwnSite() throws Exception {
        SiteInfo site = site();

        assertThat(site.isPrimary).isTrue();
        assertThat(site.servers).hasSize(1);
        assertThat(site.servers[0].getInetAddress()).isEqualTo(InetAddress.getByName("127.0.0.1"));
        assertThat(site.servers[0].getPublicKey().getAlgorithm()).isEqualTo("RSA");
        assertThat(site.servers[0].interfaces)
                .extracting(i -> i.protocol, i -> i.port)
                .contains(
                        org.assertj.core.groups.Tuple.tuple(
                                Interface.SP_HDL_UDP,
                                harness.node.handleUdpAddress().getPort()),
                        org.assertj.core.groups.Tuple.tuple(
                                Interface.SP_HDL_HTTP,
                                harness.node.httpAddress().getPort()));
    }

    @Test
    void sendsAnswersInSeveralDatagrams() throws Exception {
        harness.put("88.118.8/LONG", io.waymark.identifier.handle.HandleValue.text(1, "TEXT", "x".repeat(1500), 0));
        InetSocketAddress udp = harness.node.handleUdpAddress();

        AbstractResponse response = offline()
                .sendHdlUdpRequest(
                        request("88.118.8/LONG", new String[0], new int[0]), udp.getAddress(), udp.getPort());

        assertThat(values(response)[0].getDataAsString()).isEqualTo("x".repeat(1500));
    }

    @Test
    void leavesAnswersBeyondTheCapToTcp() throws Exception {
        harness.put("88.118.8/HUGE", io.waymark.identifier.handle.HandleValue.text(1, "TEXT", "y".repeat(200_000), 0));
        double before = harness.count("waymark.resolver.udp.overcap");

        HandleValue[] values = client.resolveHandle("88.118.8/HUGE"); // the client goes on to TCP by itself

        assertThat(values[0].getData()).hasSize(200_000);
        assertThat(harness.count("waymark.resolver.udp.overcap")).isGreaterThan(before);
    }

    @Test
    void answersOldClientsInTheirVersion() throws Exception {
        InetSocketAddress tcp = harness.node.handleTcpAddress();
        ResolutionRequest request = request("88.118.8/ABC123", new String[0], new int[0]);
        request.majorProtocolVersion = 2;
        request.minorProtocolVersion = 3;
        request.suggestMajorProtocolVersion = 2;
        request.suggestMinorProtocolVersion = 4;

        AbstractResponse response = offline().sendHdlTcpRequest(request, tcp.getAddress(), tcp.getPort());

        assertThat(values(response)).hasSize(3);
        assertThat(response.minorProtocolVersion).isEqualTo((byte) 4);
    }
}
