/**
 * How fast the ledger is, beside what a team would otherwise take: one command runs everything in
 * turns, checks every round against what is stored, and prints one table. Nothing here is part of
 * the product, and nothing here is a test of a duration.
 */
@NullMarked
package io.bincard.benchmarks;

import org.jspecify.annotations.NullMarked;
