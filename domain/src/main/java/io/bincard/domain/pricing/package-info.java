/**
 * What a cart costs under a policy, and why.
 *
 * <p>{@link io.bincard.domain.pricing.Pricing} is a policy made ready: immutable, indexed so that a
 * cart meets only the rules that may apply to it, safe for any number of threads. The same policy,
 * cart and moment always come to the same answer; budgets, clocks and coupons' uses come in from
 * outside.
 */
@NullMarked
package io.bincard.domain.pricing;

import org.jspecify.annotations.NullMarked;
