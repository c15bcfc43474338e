/**
 * What every part of the ledger shares: the answer to a command, the refusal of a bad value, and
 * how its history is read.
 *
 * <p>The business itself lives in the packages below, one per aggregate. Nothing in this module
 * knows a framework, a clock, a random number or an input; it depends on the JDK and JSpecify
 * alone.
 */
@NullMarked
package io.bincard.domain;

import org.jspecify.annotations.NullMarked;
