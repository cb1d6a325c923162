package io.waymark.resolver.resolve;

import io.waymark.identifier.handle.SiteInfo;

/** The node's own site: where it listens and with which key it signs. Known once every listener is bound. */
public final class SiteRecord {
    /** The serial number in the record and in every answer. */
    public static final int SERIAL = 1;

    private volatile SiteInfo current;

    /**
     * @param initial what is answered until the listeners are bound
     */
    public SiteRecord(SiteInfo initial) {
        this.current = initial;
    }

    /** What clients are told now. */
    public SiteInfo current() {
        return current;
    }

    /** What clients are told from now on. */
    public void publish(SiteInfo site) {
        current = site;
    }
}
