package io.waymark.resolver.message;

/** How a message travels. */
public enum Transport {
    /** Datagrams of at most 512 octets; longer messages are sliced. */
    UDP("udp"),
    /** A stream of messages, many per connection. */
    TCP("tcp"),
    /** The HTTP tunnel: one message per POST. */
    HTTP("http");

    private final String tag;

    Transport(String tag) {
        this.tag = tag;
    }

    /** The name in metrics and on command lines. */
    public String tag() {
        return tag;
    }
}
