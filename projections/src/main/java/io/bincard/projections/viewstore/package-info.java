/**
 * Where views lie: one Redis, its generations with their marks and rows, and the function library
 * through which alone they are written.
 *
 * <p>Knows neither events nor stock; it moves bytes under two rules, that a row's version never
 * goes back within a generation and that a generation's position never skips. Failures of Redis
 * leave this package as {@link io.bincard.projections.viewstore.ViewStoreUnavailableException} and
 * as nothing else.
 */
@NullMarked
package io.bincard.projections.viewstore;

import org.jspecify.annotations.NullMarked;
