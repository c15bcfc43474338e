/** Plays the module of this name, and reaches into another. */
@NullMarked
package io.bincard.application.architecture.bad.reconciliation;

import org.jspecify.annotations.NullMarked;
