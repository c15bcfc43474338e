/**
 * Whether a row says what it must, and if not, what kind of discrepancy that is. Pure: rows come
 * in, findings go out; nothing is read or written here.
 */
@NullMarked
package io.bincard.reconciliation.comparison;

import org.jspecify.annotations.NullMarked;
