/** Plays the module of this name, and reaches into another. */
@NullMarked
package io.bincard.application.architecture.bad.projections;

import org.jspecify.annotations.NullMarked;
