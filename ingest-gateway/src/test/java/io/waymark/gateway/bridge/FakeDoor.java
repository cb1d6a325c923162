package io.waymark.gateway.bridge;

import io.waymark.storage.spool.Spool;
import io.waymark.storage.spool.SpoolWrite.SessionWrite;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** A spool whose room and whose commits the test decides. */
final class FakeDoor implements Door {
    final List<Message> taken = new ArrayList<>();
    final List<SessionWrite> changes = new ArrayList<>();
    private final ArrayDeque<Spool.Completion> open = new ArrayDeque<>();
    private int room = Integer.MAX_VALUE;
    final List<Message> rejected = new ArrayList<>();
    String refusal;
    boolean keepsRefused;

    synchronized void room(int writes) {
        room = writes;
    }

    @Override
    public synchronized Spool.Offer offer(Message message, SessionWrite change, Spool.Completion completion) {
        if (room == 0) {
            return Spool.Offer.FULL;
        }
        room--;
        taken.add(message);
        if (change != null) {
            changes.add(change);
        }
        open.add(completion);
        return Spool.Offer.ACCEPTED;
    }

    @Override
    public synchronized Spool.Offer remember(SessionWrite change, Spool.Completion completion) {
        if (room == 0) {
            return Spool.Offer.FULL;
        }
        changes.add(change);
        open.add(completion);
        return Spool.Offer.ACCEPTED;
    }

    @Override
    public String refusal(Message message) {
        return refusal;
    }

    @Override
    public synchronized boolean reject(Message message, String why, Spool.Completion completion) {
        if (keepsRefused) {
            rejected.add(message);
            open.add(completion);
        }
        return keepsRefused;
    }

    synchronized int open() {
        return open.size();
    }

    /** The oldest write that is open is fsynced. */
    void commit() {
        next().durable(1);
    }

    /** The oldest write that is open fails. */
    void fail() {
        next().failed(new IllegalStateException("no disk"));
    }

    private synchronized Spool.Completion next() {
        return open.remove();
    }
}
