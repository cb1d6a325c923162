package io.waymark.resolver.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.waymark.identifier.handle.MalformedRecordException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A node of someone's JSON and where it stands, so that faults can be named.
 *
 * @param path as in {@code values[2].data.value}
 * @param node may be missing
 */
record JsonPlace(String path, JsonNode node) {
    private static final Pattern BINARY = Pattern.compile("[01]+");
    private static final int SHOWN = 40;

    JsonPlace required(String name) throws MalformedRecordException {
        JsonPlace child = optional(name);
        if (child.absent()) {
            throw new MalformedRecordException(child.path + " is missing");
        }
        return child;
    }

    JsonPlace optional(String name) {
        return new JsonPlace(path + '.' + name, node.path(name));
    }

    boolean absent() {
        return node.isMissingNode() || node.isNull();
    }

    boolean isText() {
        return node.isTextual();
    }

    void requireObject() throws MalformedRecordException {
        if (!node.isObject()) {
            throw fault("must be an object");
        }
    }

    List<JsonPlace> elements() throws MalformedRecordException {
        if (!node.isArray()) {
            throw fault("must be an array");
        }
        List<JsonPlace> elements = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            elements.add(new JsonPlace(path + '[' + i + ']', node.get(i)));
        }
        return elements;
    }

    String text() throws MalformedRecordException {
        if (!node.isTextual()) {
            throw fault("must be a string");
        }
        return node.textValue();
    }

    /** A whole number, written as number or as string of digits (older clients do). */
    int intIn(int min, int max) throws MalformedRecordException {
        long value;
        try {
            value = node.isTextual() ? Long.parseLong(node.textValue()) : wholeNumber();
        } catch (NumberFormatException e) {
            throw fault("must be a whole number");
        }
        if (value < min || value > max) {
            throw fault("must be in " + min + ".." + max);
        }
        return (int) value;
    }

    private long wholeNumber() throws MalformedRecordException {
        if (!node.isIntegralNumber() || !node.canConvertToLong()) {
            throw fault("must be a whole number");
        }
        return node.longValue();
    }

    boolean bool() throws MalformedRecordException {
        if (!node.isBoolean()) {
            throw fault("must be true or false");
        }
        return node.booleanValue();
    }

    /** A string of so many binary digits. */
    int binary(int digits) throws MalformedRecordException {
        String text = text();
        if (text.length() != digits || !BINARY.matcher(text).matches()) {
            throw fault("must be " + digits + " digits 0 or 1");
        }
        return Integer.parseInt(text, 2);
    }

    MalformedRecordException fault(String rule) {
        return new MalformedRecordException(path + ' ' + rule + " but was " + shown());
    }

    private String shown() {
        if (node.isContainerNode()) {
            return kindOf(node);
        }
        String text = node.toString();
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    static String kindOf(JsonNode node) {
        return switch (node.getNodeType()) {
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            case STRING -> "a string";
            case NUMBER -> "a number";
            case BOOLEAN -> "a boolean";
            case NULL, MISSING -> "nothing";
            case BINARY, POJO -> "something else";
        };
    }
}
