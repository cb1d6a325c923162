package io.waymark.gateway.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of one SCRAM-SHA-256 exchange, without channel binding: {@link #user}, then {@link #challenge}, then
 * {@link #finish}. One thread.
 *
 * @see "RFC 5802 §5, §7; RFC 7677; MQTT 5.0 §4.12"
 */
public final class ScramExchange {
    /** The authentication method of MQTT. */
    public static final String METHOD = "SCRAM-SHA-256";

    private static final int NONCE_OCTETS = 18;
    private static final int MESSAGE_OCTETS_MAX = 2_048;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern FIRST = Pattern.compile("([ny],,)(n=([^,]+),r=([!-+\\--~]{8,256})(?:,.*)?)");
    private static final Pattern FINAL =
            Pattern.compile("(c=([A-Za-z0-9+/=]+),r=([!-+\\--~]+)(?:,.*)?),p=([A-Za-z0-9+/=]+)");

    private final String serverNonce;
    private String header = "";
    private String firstBare = "";
    private String nonce = "";
    private String serverFirst = "";
    private @Nullable ScramVerifier verifier;

    /** With a nonce of its own. */
    public ScramExchange() {
        this(fresh());
    }

    ScramExchange(String serverNonce) {
        this.serverNonce = serverNonce;
    }

    private static String fresh() {
        byte[] octets = new byte[NONCE_OCTETS];
        RANDOM.nextBytes(octets);
        return Base64.getEncoder().withoutPadding().encodeToString(octets);
    }

    /** Who the client-first-message says it is; null for a message that is none. */
    public @Nullable String user(byte[] clientFirst) {
        Matcher m = FIRST.matcher(text(clientFirst));
        if (!m.matches()) {
            return null;
        }
        header = m.group(1);
        firstBare = m.group(2);
        nonce = m.group(4) + serverNonce;
        return m.group(3).replace("=2C", ",").replace("=3D", "=");
    }

    /** The server-first-message. */
    byte[] challenge(ScramVerifier whose) {
        verifier = whose;
        serverFirst =
                "r=" + nonce + ",s=" + Base64.getEncoder().encodeToString(whose.salt()) + ",i=" + whose.iterations();
        return serverFirst.getBytes(StandardCharsets.UTF_8);
    }

    /** The server-final-message when the client-final-message proves the password, else null. */
    public byte @Nullable [] finish(byte[] clientFinal) {
        Matcher m = FINAL.matcher(text(clientFinal));
        ScramVerifier whose = verifier;
        verifier = null;
        if (whose == null || !m.matches() || !m.group(3).equals(nonce) || !isHeader(m.group(2))) {
            return null;
        }
        String message = firstBare + "," + serverFirst + "," + m.group(1);
        if (!proves(m.group(4), ScramVerifier.hmac(whose.storedKey(), message), whose.storedKey())) {
            return null;
        }
        byte[] signature = ScramVerifier.hmac(whose.serverKey(), message);
        return ("v=" + Base64.getEncoder().encodeToString(signature)).getBytes(StandardCharsets.UTF_8);
    }

    private boolean isHeader(String base64) {
        return base64.equals(Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8)));
    }

    private static boolean proves(String proof, byte[] clientSignature, byte[] storedKey) {
        byte[] clientKey;
        try {
            clientKey = Base64.getDecoder().decode(proof);
        } catch (IllegalArgumentException e) {
            return false;
        }
        if (clientKey.length != clientSignature.length) {
            return false;
        }
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= clientSignature[i];
        }
        return MessageDigest.isEqual(ScramVerifier.sha256(clientKey), storedKey);
    }

    private static String text(byte[] octets) {
        return octets.length > MESSAGE_OCTETS_MAX ? "" : new String(octets, StandardCharsets.UTF_8);
    }
}
