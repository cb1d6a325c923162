package io.waymark.gateway.session;

import io.waymark.gateway.route.LiveMessage;
import java.util.ArrayList;
import java.util.List;

/** Commands a client has, until who waits for that is told. Guarded by its queue. */
final class AcknowledgedCommands {
    private List<LiveMessage> commands = List.of();

    /** The client has the message; others than commands are not noted. */
    void note(LiveMessage message) {
        if (message.isCommand()) {
            if (commands.isEmpty()) {
                commands = new ArrayList<>(1);
            }
            commands.add(message);
        }
    }

    /** Those noted since the last call. */
    List<LiveMessage> take() {
        List<LiveMessage> taken = commands;
        commands = List.of();
        return taken;
    }
}
