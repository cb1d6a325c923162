package io.waymark.gateway.server;

import io.waymark.gateway.access.ConnectAuthenticator;
import io.waymark.gateway.live.LiveDevices;
import io.waymark.gateway.reject.Rejections;
import io.waymark.gateway.session.SessionTable;
import java.time.Clock;

/** What every connection of a server uses. */
record ServerContext(
        ServerSettings settings,
        Journal journal,
        ConnectAuthenticator authenticator,
        SessionTable sessions,
        LiveDevices devices,
        QueueLoader loader,
        Rejections rejections,
        ServerMetrics metrics,
        Clock clock) {}
