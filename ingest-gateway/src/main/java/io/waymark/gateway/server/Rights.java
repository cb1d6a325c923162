package io.waymark.gateway.server;

import io.waymark.gateway.access.Permissions;
import io.waymark.gateway.live.Admission;
import io.waymark.gateway.session.Session;
import org.jspecify.annotations.Nullable;

/** What a client that was admitted may do, looked up again only when its device or group has changed. Event loop only. */
final class Rights {
    private final Admission admission;

    private @Nullable Permissions permissions;
    private int version;

    Rights(Admission admission) {
        this.admission = admission;
    }

    Admission admission() {
        return admission;
    }

    /** What it may do now; a session it has by now is counted under the group it is in now. */
    Permissions permissions(@Nullable Session session) {
        Permissions known = permissions;
        // Read first: what changes from here on is seen next time.
        int current = admission.version();
        if (known == null || current != version) {
            version = current;
            if (session != null) {
                session.group(admission.group());
            }
            known = admission.permissions();
            permissions = known;
        }
        return known;
    }
}
