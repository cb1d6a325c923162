package io.waymark.platform.http;

import com.linecorp.armeria.server.ServiceRequestContext;
import io.netty.util.AttributeKey;

/**
 * Who sends device messages over HTTP.
 *
 * @param device the device that proved who it is; empty for the operator, who may send for any
 * @param group the device's; messages are counted under it
 */
record Sender(String device, String group) {
    private static final AttributeKey<Sender> KEY = AttributeKey.valueOf(Sender.class, "sender");

    static final Sender OPERATOR = new Sender("", "http");

    boolean isOperator() {
        return device.isEmpty();
    }

    void attach(ServiceRequestContext ctx) {
        ctx.setAttr(KEY, this);
    }

    /** Whom {@link SenderOnly} let through. */
    static Sender of(ServiceRequestContext ctx) {
        Sender sender = ctx.attr(KEY);
        if (sender == null) {
            throw new IllegalStateException("a sender must be known before its messages are read");
        }
        return sender;
    }
}
