package io.bincard.reconciliation.books;

import org.jspecify.annotations.Nullable;

/**
 * That the journal says two things.
 *
 * @param place where, for a person
 * @param stream that it is about, {@code null} if it is about none
 * @param words what is there and what it contradicts
 */
public record Contradiction(Rule rule, String place, @Nullable String stream, String words) {}
