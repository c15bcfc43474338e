/**
 * Exact money: whole minor units of one currency, and how they are rounded and shared out.
 *
 * <p>Nothing here has a fraction: a percentage is basis points, a rounding is half even and stated
 * where it happens, and what is shared out adds up to what there was. Prices, policies and budgets
 * are built on it and stay out.
 */
@NullMarked
package io.bincard.domain.money;

import org.jspecify.annotations.NullMarked;
