/**
 * Bincard itself under load: the whole application in a process of its own, told over its standard
 * input what to do. What it says of itself is checked against its journal after every round.
 */
@NullMarked
package io.bincard.benchmarks.ledger;

import org.jspecify.annotations.NullMarked;
