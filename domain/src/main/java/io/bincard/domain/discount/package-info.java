/**
 * Discounts that orders were given, and the budgets that pay for them.
 *
 * <p>{@link io.bincard.domain.discount.Discounting} decides: it prices the cart by the policy in
 * force and takes from the accounts of the campaigns, all or nothing. An order and an account are
 * each a consistency unit with a stream of its own.
 */
@NullMarked
package io.bincard.domain.discount;

import org.jspecify.annotations.NullMarked;
