package io.waymark.storage.record;

import io.waymark.storage.record.Ingestion.ReplacedKeys;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the memory tier exact around an ingestion, which bypasses the batch. Records that are new need no word: the tier
 * holds only what exists. Writer thread.
 */
final class TierPause {
    private final @Nullable MemoryTier tier;
    private final ReplacedKeys replaced;

    private TierPause(@Nullable MemoryTier tier, ReplacedKeys replaced) {
        this.tier = tier;
        this.replaced = replaced;
    }

    /** The records go from the tier and nobody puts them back until closed. */
    static TierPause begin(@Nullable MemoryTier tier, ReplacedKeys replaced) {
        if (tier != null && replaced.all()) {
            tier.beginWriteOfAll();
        } else if (tier != null) {
            tier.beginWrite(replaced.keys());
        }
        return new TierPause(tier, replaced);
    }

    /** The tier may be filled again. */
    void close() {
        if (tier != null && replaced.all()) {
            tier.endWriteOfAll();
        } else if (tier != null) {
            tier.endWrite(replaced.keys());
        }
    }
}
