/**
 * What there is little of: items in the order of what is available, out of a set that is written
 * with their rows.
 *
 * <p>{@link io.bincard.projections.lowstock.LowStock} is the question. The set orders by the books;
 * each item that is told is computed of its row as of the moment. Without views nobody knows.
 */
@NullMarked
package io.bincard.projections.lowstock;

import org.jspecify.annotations.NullMarked;
