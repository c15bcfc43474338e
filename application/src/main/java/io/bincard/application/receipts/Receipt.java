package io.bincard.application.receipts;

import org.jspecify.annotations.Nullable;

/**
 * The stored outcome of a key.
 *
 * @param position of the last event that the command caused; {@code null} when it caused none
 */
public record Receipt(
    CommandKey key, Fingerprint fingerprint, Outcome outcome, @Nullable Long position) {}
