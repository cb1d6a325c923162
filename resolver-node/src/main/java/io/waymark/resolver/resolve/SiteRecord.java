package io.waymark.resolver.resolve;

import io.waymark.identifier.handle.SiteInfo;
import java.time.Instant;
import java.util.Optional;

/** The node's own site: where it listens and with which key it signs. Known once every listener is bound. */
public final class SiteRecord {
    /** The serial number in the record and in every answer. */
    public static final int SERIAL = 1;

    private final Optional<SiteHistory> history;
    private volatile SiteInfo current;

    /**
     * Without a past.
     *
     * @param initial what is answered until the listeners are bound
     */
    public SiteRecord(SiteInfo initial) {
        this(initial, Optional.empty());
    }

    /**
     * @param initial what is answered until the listeners are bound
     * @param history told what is answered from then on
     */
    public SiteRecord(SiteInfo initial, Optional<SiteHistory> history) {
        this.current = initial;
        this.history = history;
    }

    /** What clients are told now. */
    public SiteInfo current() {
        return current;
    }

    /** What clients were told at a time; empty if that is not known. */
    public Optional<SiteInfo> asOf(Instant time) {
        return history.flatMap(h -> h.asOf(time));
    }

    /** What clients are told from now on. */
    public void publish(SiteInfo site, Instant now) {
        current = site;
        history.ifPresent(h -> h.note(site, now));
    }
}
