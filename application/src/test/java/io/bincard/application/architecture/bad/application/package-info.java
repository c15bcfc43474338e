/** Plays the module of this name, and reaches into another. */
@NullMarked
package io.bincard.application.architecture.bad.application;

import org.jspecify.annotations.NullMarked;
