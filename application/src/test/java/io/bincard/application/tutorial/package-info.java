/** The tutorials, done as a reader does them. */
@NullMarked
package io.bincard.application.tutorial;

import org.jspecify.annotations.NullMarked;
