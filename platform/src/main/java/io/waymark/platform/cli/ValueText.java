package io.waymark.platform.cli;

import io.waymark.identifier.handle.AdminRecord;
import io.waymark.identifier.handle.HandleValue;
import io.waymark.identifier.handle.MalformedRecordException;
import io.waymark.identifier.handle.Permissions;
import io.waymark.identifier.handle.SiteInfo;
import io.waymark.identifier.handle.SiteInfoCodec;
import io.waymark.identifier.handle.TimeToLive;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Handle values as people read them. Secrets are never written, whoever was allowed to read them. */
final class ValueText {
    private static final int HEX_BYTES_SHOWN = 48;
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

    private ValueText() {}

    /** The data, decoded by its type where the type is one of the Handle System's own. */
    static String data(HandleValue value) {
        try {
            String type = value.type();
            if (isSecret(value)) {
                return "(secret, not shown)";
            } else if (type.equals(AdminRecord.TYPE)) {
                return admin(AdminRecord.decode(value.data()));
            } else if (type.equals(SiteInfo.TYPE) || type.startsWith("HS_SITE.") || type.equals("HS_NA_DELEGATE")) {
                return site(SiteInfoCodec.decode(value.data()));
            } else if (type.equals("HS_PUBKEY")) {
                return publicKey(value.data());
            }
            return text(value.data());
        } catch (MalformedRecordException e) {
            return hex(value.data()) + " (no " + value.type() + ": " + e.getMessage() + ")";
        }
    }

    /** Whether the value holds a key nobody may see. */
    static boolean isSecret(HandleValue value) {
        return value.type().equals("HS_SECKEY");
    }

    private static String admin(AdminRecord admin) {
        String who = admin.index() + ":" + admin.handle();
        if (admin.allows(AdminRecord.ALL)) {
            return who + " may do everything";
        }
        List<String> may = new ArrayList<>();
        for (Right right : Right.values()) {
            if (admin.allows(right.bit)) {
                may.add(right.words);
            }
        }
        return who + (may.isEmpty() ? " may do nothing" : " may " + String.join(", ", may));
    }

    private enum Right {
        ADD_HANDLE(AdminRecord.ADD_HANDLE, "add handles"),
        DELETE_HANDLE(AdminRecord.DELETE_HANDLE, "delete handles"),
        ADD_DERIVED(AdminRecord.ADD_DERIVED_PREFIX, "add derived prefixes"),
        DELETE_DERIVED(AdminRecord.DELETE_DERIVED_PREFIX, "delete derived prefixes"),
        MODIFY_VALUE(AdminRecord.MODIFY_VALUE, "modify values"),
        REMOVE_VALUE(AdminRecord.REMOVE_VALUE, "remove values"),
        ADD_VALUE(AdminRecord.ADD_VALUE, "add values"),
        MODIFY_ADMIN(AdminRecord.MODIFY_ADMIN, "modify administrators"),
        REMOVE_ADMIN(AdminRecord.REMOVE_ADMIN, "remove administrators"),
        ADD_ADMIN(AdminRecord.ADD_ADMIN, "add administrators"),
        READ_VALUE(AdminRecord.READ_VALUE, "read values"),
        LIST_HANDLES(AdminRecord.LIST_HANDLES, "list handles");

        private final int bit;
        private final String words;

        Right(int bit, String words) {
            this.bit = bit;
            this.words = words;
        }
    }

    private static String site(SiteInfo site) {
        StringBuilder out = new StringBuilder("site ")
                .append(site.serial())
                .append(", protocol ")
                .append(site.protocolMajor())
                .append('.')
                .append(site.protocolMinor())
                .append(site.primary() ? ", primary" : ", mirror");
        for (SiteInfo.Attribute a : site.attributes()) {
            out.append(", ").append(a.name()).append('=').append(a.value());
        }
        for (SiteInfo.Server s : site.servers()) {
            out.append("; server ")
                    .append(s.id())
                    .append(" at ")
                    .append(s.inetAddress().getHostAddress());
            String separator = " ";
            for (SiteInfo.Interface i : s.interfaces()) {
                out.append(separator).append(i.protocol()).append(' ').append(i.port());
                out.append(i.service().admin() ? "" : " query only");
                separator = ", ";
            }
        }
        return out.toString();
    }

    /** A public key begins with the length and name of its algorithm. */
    private static String publicKey(byte[] data) {
        ByteBuffer in = ByteBuffer.wrap(data);
        int length = data.length < 4 ? -1 : in.getInt();
        boolean named = length > 0 && length <= in.remaining() && length < 64;
        return named
                ? new String(data, 4, length, StandardCharsets.US_ASCII) + ", " + data.length + " bytes"
                : text(data);
    }

    private static String text(byte[] data) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(data))
                    .toString();
            boolean readable = text.codePoints().noneMatch(c -> c < 0x20 && c != '\n' && c != '\r' && c != '\t');
            return readable ? text : hex(data);
        } catch (CharacterCodingException e) {
            return hex(data);
        }
    }

    private static String hex(byte[] data) {
        int shown = Math.min(data.length, HEX_BYTES_SHOWN);
        String digits = HexFormat.of().formatHex(data, 0, shown);
        return "0x" + digits + (shown < data.length ? "... (" + data.length + " bytes)" : "");
    }

    /** Who may read and write, as {@code admin/public}: {@code rw/r-} is the default. */
    static String permissions(int bits) {
        return letter(bits, Permissions.ADMIN_READ, 'r')
                + letter(bits, Permissions.ADMIN_WRITE, 'w')
                + "/"
                + letter(bits, Permissions.PUBLIC_READ, 'r')
                + letter(bits, Permissions.PUBLIC_WRITE, 'w');
    }

    private static String letter(int bits, int bit, char letter) {
        return String.valueOf((bits & bit) == 0 ? '-' : letter);
    }

    /** How long the value may be cached. */
    static String timeToLive(TimeToLive ttl, ZoneId zone) {
        if (ttl.absolute()) {
            return "until " + time(ttl.seconds(), zone);
        }
        int s = ttl.seconds();
        if (s != 0 && s % 86_400 == 0) {
            return s / 86_400 + " d";
        }
        return s != 0 && s % 3600 == 0 ? s / 3600 + " h" : s + " s";
    }

    /** A value's timestamp. */
    static String time(int secondsSince1970, ZoneId zone) {
        return TIME.format(
                Instant.ofEpochSecond(Integer.toUnsignedLong(secondsSince1970)).atZone(zone));
    }
}
