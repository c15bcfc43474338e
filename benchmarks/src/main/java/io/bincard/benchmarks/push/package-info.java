/**
 * Thousands of clients that follow live stock, read by one thread that does little more than find
 * versions in bytes.
 */
@NullMarked
package io.bincard.benchmarks.push;

import org.jspecify.annotations.NullMarked;
