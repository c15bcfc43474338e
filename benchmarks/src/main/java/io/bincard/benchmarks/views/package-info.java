/** How fast all views are made anew, by the product and by Axon's own processor. */
@NullMarked
package io.bincard.benchmarks.views;

import org.jspecify.annotations.NullMarked;
