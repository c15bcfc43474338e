/**
 * How fast all views are made anew, by the product and by Axon's own processor, and what readers
 * and sellers notice of it meanwhile.
 */
@NullMarked
package io.bincard.benchmarks.views;

import org.jspecify.annotations.NullMarked;
