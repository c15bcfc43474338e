/**
 * What runs the faults: {@code FaultsIT} the short tier inside {@code mvn verify}, {@code
 * FaultSuite} either tier from the command line. A fault comes in by a line in {@code FaultSuite}.
 */
@NullMarked
package io.bincard.application.faults.suite;

import org.jspecify.annotations.NullMarked;
