/**
 * Holds: one promise to one order of stock on many items, discount budget, coupons and the exact
 * price, taken by one command and with one expiry; and orders that are taken at once.
 *
 * <p>{@link io.bincard.domain.hold.Holding} decides; what it decides stands on the stream of the
 * hold and on those of every item and account that it moves. {@link
 * io.bincard.domain.hold.Allocation} says where units come from if an order does not.
 */
@NullMarked
package io.bincard.domain.hold;

import org.jspecify.annotations.NullMarked;
