package io.waymark.trace.json;

/** Errors as every HTTP answer of Waymark writes them. */
public final class ErrorJson {
    private ErrorJson() {}

    /**
     * {@code {"error":…,"message":…}}.
     *
     * @param word machine word
     * @param message sentence naming value and bound
     */
    public static byte[] write(String word, String message) {
        return JsonWriting.object(out -> {
            out.writeStringField("error", word);
            out.writeStringField("message", message);
        });
    }
}
