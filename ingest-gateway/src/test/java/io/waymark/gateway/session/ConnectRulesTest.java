package io.waymark.gateway.session;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.waymark.gateway.packet.Connect;
import io.waymark.gateway.packet.MessageProperties;
import io.waymark.gateway.packet.Offer;
import io.waymark.gateway.packet.ProtocolVersion;
import io.waymark.gateway.packet.ReasonCode;
import io.waymark.gateway.packet.Will;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectRulesTest {
    private static Connect connect(
            ProtocolVersion version, String clientId, boolean clean, @Nullable String user, @Nullable String word) {
        return connect(version, clientId, clean, user, word, null, 60);
    }

    private static Connect connect(
            ProtocolVersion version,
            String clientId,
            boolean clean,
            @Nullable String user,
            @Nullable String word,
            @Nullable Will will,
            int alive) {
        return new Connect(
                version,
                clientId,
                clean,
                alive,
                user,
                word == null ? null : word.getBytes(UTF_8),
                will,
                clean ? 0 : Connect.NEVER_EXPIRES,
                10,
                Long.MAX_VALUE,
                0,
                false,
                "",
                new byte[0]);
    }

    @Test
    void anonymousClientsNeedPermission() {
        Connect anonymous = connect(ProtocolVersion.MQTT_3_1_1, "c", true, null, null);
        assertThat(ConnectRules.refusal(anonymous, Offer.defaults(), true, false))
                .isNull();
        assertThat(ConnectRules.refusal(anonymous, Offer.defaults(), false, false))
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    void halfOfTheCredentialsIsNotEnoughEvenWhereNoneAreNeeded() {
        assertThat(ConnectRules.refusal(
                        connect(ProtocolVersion.MQTT_5, "c", true, "u", null), Offer.defaults(), true, false))
                .isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        assertThat(ConnectRules.refusal(
                        connect(ProtocolVersion.MQTT_5, "c", true, null, "p"), Offer.defaults(), true, false))
                .isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        assertThat(ConnectRules.refusal(
                        connect(ProtocolVersion.MQTT_5, "c", true, "u\u001Fx", "p"), Offer.defaults(), true, false))
                .isEqualTo(ReasonCode.BAD_USER_NAME_OR_PASSWORD);
        assertThat(ConnectRules.refusal(
                        connect(ProtocolVersion.MQTT_5, "c", true, "u", "p"), Offer.defaults(), false, false))
                .isNull();
    }

    @Test
    void anEmptyClientIdNeedsACleanSessionInVersion3Only() {
        assertThat(ConnectRules.refusal(
                        connect(ProtocolVersion.MQTT_3_1_1, "", false, "u", "p"), Offer.defaults(), false, false))
                .isEqualTo(ReasonCode.CLIENT_IDENTIFIER_NOT_VALID);
        assertThat(ConnectRules.refusal(
                        connect(ProtocolVersion.MQTT_3_1_1, "", true, "u", "p"), Offer.defaults(), false, false))
                .isNull();
        assertThat(ConnectRules.refusal(
                        connect(ProtocolVersion.MQTT_5, "", false, "u", "p"), Offer.defaults(), false, false))
                .isNull();
    }

    @Test
    void aWillMayNotGoToATopicOfTheServer() {
        Will will = new Will("$SYS/x", 0, false, 0, MessageProperties.NONE, new byte[0]);
        assertThat(ConnectRules.refusal(
                        connect(ProtocolVersion.MQTT_5, "c", true, "u", "p", will, 0), Offer.defaults(), false, false))
                .isEqualTo(ReasonCode.NOT_AUTHORIZED);
    }

    @Test
    void onlyVersion5CanBeGrantedAnotherKeepAlive() {
        Connect five = connect(ProtocolVersion.MQTT_5, "c", true, null, null, null, 0);
        Connect three = connect(ProtocolVersion.MQTT_3_1_1, "c", true, null, null, null, 0);
        assertThat(ConnectRules.keepAliveSeconds(five, 300)).isEqualTo(300);
        assertThat(ConnectRules.keepAliveSeconds(three, 300)).isZero();
    }

    @Test
    void sessionsDoNotOutliveTheServersLimit() {
        assertThat(ConnectRules.sessionExpirySeconds(connect(ProtocolVersion.MQTT_3_1_1, "c", false, null, null), 600))
                .isEqualTo(600);
        assertThat(ConnectRules.sessionExpirySeconds(connect(ProtocolVersion.MQTT_3_1_1, "c", true, null, null), 600))
                .isZero();
    }
}
