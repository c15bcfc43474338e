/**
 * Load: who sends how much and how fast the answers came. A closed loop keeps a number of callers
 * waiting, an open loop keeps a pace whatever the answers do. Knows nothing of what is measured.
 */
@NullMarked
package io.bincard.benchmarks.load;

import org.jspecify.annotations.NullMarked;
