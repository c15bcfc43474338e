/**
 * What a price costs: ours, a loop over all rules, and a rule engine, on the same rules and carts.
 */
@NullMarked
package io.bincard.benchmarks.pricing;

import org.jspecify.annotations.NullMarked;
