package io.bincard.domain;

import java.time.Instant;

/**
 * An event with its place in the journal.
 *
 * @param sequence its number in {@code stream}, 0 for the first
 * @param position its number in the whole journal, 1 for the first
 * @param time when it was made; informs and never orders
 */
public record CommittedEvent(
    String stream, long sequence, long position, Instant time, LedgerEvent event) {}
