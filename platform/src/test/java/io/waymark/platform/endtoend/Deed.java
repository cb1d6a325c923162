package io.waymark.platform.endtoend;

/**
 * A change somebody asked for.
 *
 * @param action as history calls it
 * @param text what the record says from then on, unlike that of any other deed; empty if it is gone
 * @param answered whether it was answered as done; else nobody knows
 */
record Deed(String action, String text, boolean answered) {
    /** What is seen of it: in the feed, in the history. */
    String trace() {
        return action + " " + text;
    }
}
