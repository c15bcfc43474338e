/** Holds through the whole application. */
@NullMarked
package io.bincard.application.hold;

import org.jspecify.annotations.NullMarked;
