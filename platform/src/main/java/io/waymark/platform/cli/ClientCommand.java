package io.waymark.platform.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import picocli.CommandLine.Mixin;

/** A command that talks with a node and with a person. */
public abstract class ClientCommand extends TerminalCommand {
    /** For bodies and answers. */
    protected static final ObjectMapper JSON = new ObjectMapper();

    /** The node it talks with. */
    @Mixin
    protected NodeConnection node = new NodeConnection();

    final void printJson(JsonNode json) {
        try {
            out().println(JSON.writer(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json));
        } catch (IOException e) {
            throw new UncheckedIOException("a tree always has a text", e);
        }
    }
}
