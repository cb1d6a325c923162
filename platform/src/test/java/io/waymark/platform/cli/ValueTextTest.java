package io.waymark.platform.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.identifier.handle.TimeToLive;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueTextTest {
    private static String data(String type, byte[] data) {
        return ValueText.data(HandleValue.of(1, type, data, 0));
    }

    @Test
    void textIsShownAndOtherOctetsAreHexadecimal() {
        assertThat(data("NAME", "武夷岩茶".getBytes(StandardCharsets.UTF_8))).isEqualTo("武夷岩茶");
        assertThat(data("BLOB", new byte[] {(byte) 0xff, 0, 1})).isEqualTo("0xff0001");
        assertThat(data("BLOB", new byte[100])).startsWith("0x0000").endsWith("... (100 bytes)");
    }

    @Test
    void secretsAreNeverShown() {
        assertThat(data("HS_SECKEY", "hunter2".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("(secret, not shown)");
    }

    @Test
    void administratorsAreReadable() {
        assertThat(data("HS_ADMIN", new AdminRecord(AdminRecord.ALL, "88.118.8/ADMIN", 300).encode()))
                .isEqualTo("300:88.118.8/ADMIN may do everything");
        int some = AdminRecord.ADD_HANDLE | AdminRecord.LIST_HANDLES;
        assertThat(data("HS_ADMIN", new AdminRecord(some, "88.118.8/ADMIN", 300).encode()))
                .isEqualTo("300:88.118.8/ADMIN may add handles, list handles");
        assertThat(data("HS_ADMIN", new byte[] {1})).startsWith("0x01 (no HS_ADMIN: ");
    }

    @Test
    void sitesAreReadable() throws UnknownHostException {
        SiteInfo.Server server = SiteInfo.Server.at(
                1,
                InetAddress.getByName("127.0.0.1"),
                new byte[0],
                List.of(
                        new SiteInfo.Interface(SiteInfo.Service.ADMIN_AND_QUERY, SiteInfo.Protocol.TCP, 2641),
                        new SiteInfo.Interface(SiteInfo.Service.QUERY, SiteInfo.Protocol.UDP, 2641)));
        SiteInfo site = new SiteInfo(
                1,
                2,
                11,
                1,
                true,
                false,
                SiteInfo.HashOption.WHOLE_HANDLE,
                List.of(new SiteInfo.Attribute("desc", "tea")),
                List.of(server));
        assertThat(data("HS_SITE", SiteInfoCodec.encode(site)))
                .isEqualTo(
                        "site 1, protocol 2.11, primary, desc=tea; server 1 at 127.0.0.1 TCP 2641, UDP 2641 query only");
    }

    @Test
    void permissionsAndLivesAreShort() {
        assertThat(ValueText.permissions(0x0e)).isEqualTo("rw/r-");
        assertThat(ValueText.permissions(0x0c)).isEqualTo("rw/--");
        assertThat(ValueText.timeToLive(TimeToLive.DAY, ZoneOffset.UTC)).isEqualTo("1 d");
        assertThat(ValueText.timeToLive(new TimeToLive(false, 7200), ZoneOffset.UTC))
                .isEqualTo("2 h");
        assertThat(ValueText.timeToLive(new TimeToLive(false, 0), ZoneOffset.UTC))
                .isEqualTo("0 s");
        assertThat(ValueText.timeToLive(new TimeToLive(true, 86_400), ZoneOffset.UTC))
                .isEqualTo("until 1970-01-02 00:00:00");
    }
}
