package io.bincard.projections.viewstore;

import java.time.Instant;

/**
 * That all rows of a generation were compared with the ledger and found equal.
 *
 * @param position up to which the rows had every event then; what changed later was not compared
 * @param at when the comparison began
 */
public record Verified(long position, Instant at) {}
