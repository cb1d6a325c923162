package io.waymark.gateway.session;

import io.waymark.gateway.packet.Publish;
import io.waymark.gateway.packet.ReasonCode;
import org.jspecify.annotations.Nullable;

/**
 * The topic aliases of one connection, client to server. Event loop of the connection only.
 *
 * @see "MQTT 5.0 §3.3.2.3.4 Topic Alias"
 */
public final class TopicAliases {
    /** Most characters of topics kept for one connection. */
    public static final int CHARACTERS_MAX = 32_768;

    private final @Nullable String[] topics;
    private int characters;

    /** @param maximum highest alias the server announced */
    public TopicAliases(int maximum) {
        topics = new @Nullable String[maximum];
    }

    /** The highest alias. */
    public int maximum() {
        return topics.length;
    }

    /** Why this PUBLISH is refused, or null; remembers the topic it binds. */
    public @Nullable ReasonCode refusal(Publish publish) {
        int alias = publish.topicAlias();
        if (alias == 0) {
            return null;
        }
        if (alias > topics.length) {
            return ReasonCode.TOPIC_ALIAS_INVALID;
        }
        if (!publish.topic().isEmpty()) {
            bind(alias, publish.topic());
            return characters > CHARACTERS_MAX ? ReasonCode.QUOTA_EXCEEDED : null;
        }
        return topics[alias - 1] == null ? ReasonCode.PROTOCOL_ERROR : null;
    }

    private void bind(int alias, String topic) {
        String before = topics[alias - 1];
        characters += topic.length() - (before == null ? 0 : before.length());
        topics[alias - 1] = topic;
    }

    /** The PUBLISH with its topic name in place; only after {@link #refusal} returned null. */
    public Publish resolve(Publish publish) {
        if (publish.topicAlias() == 0 || !publish.topic().isEmpty()) {
            return publish;
        }
        String topic = topics[publish.topicAlias() - 1];
        if (topic == null) {
            throw new IllegalStateException("topic alias " + publish.topicAlias() + " is not bound");
        }
        return publish.withTopic(topic);
    }
}
