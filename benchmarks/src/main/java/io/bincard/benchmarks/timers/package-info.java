/**
 * Very many instants, at each of which something is to be done, under load: how late it is done,
 * what setting and cancelling one costs, and what it takes of the heap. The ledger's agenda beside
 * other libraries, each of which is told of the same instants.
 */
@NullMarked
package io.bincard.benchmarks.timers;

import org.jspecify.annotations.NullMarked;
