/**
 * The views as they lie in Redis, read by reconciliation itself: pointer, mark, rows and sets, as
 * the stored format has them. Nothing is written here but through the store's own function, which
 * compares version and epoch.
 */
@NullMarked
package io.bincard.reconciliation.stored;

import org.jspecify.annotations.NullMarked;
