/**
 * Problems: what callers are told when something is refused, after RFC 9457.
 *
 * <p>{@link io.bincard.application.problems.StockProblems} maps every rejection of the domain by
 * one exhaustive switch. A problem's type is a promise: {@code /problems/} and the rule in kebab
 * case. Nothing here knows how a request came in.
 */
@NullMarked
package io.bincard.application.problems;

import org.jspecify.annotations.NullMarked;
