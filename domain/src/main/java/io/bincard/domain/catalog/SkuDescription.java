package io.bincard.domain.catalog;

import io.bincard.domain.cart.CategoryId;
import io.bincard.domain.money.Money;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say of a SKU.
 *
 * @param category what it is sold as, {@code null} if nobody says so
 * @param unitPrice the list price of a unit, {@code null} if it has none here
 * @param discontinued whether the shop no longer offers it; what lies there can still be sold
 */
public record SkuDescription(
    SkuName name, @Nullable CategoryId category, @Nullable Money unitPrice, boolean discontinued) {}
