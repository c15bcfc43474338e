/**
 * What a customer wants to buy, as an order service tells it: lines with their list prices,
 * coupons, and who asks.
 *
 * <p>A cart is input. It knows no rule, no stock and no price but the ones that it was given.
 */
@NullMarked
package io.bincard.domain.cart;

import org.jspecify.annotations.NullMarked;
