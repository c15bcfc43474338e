/** Stock through the whole application. */
@NullMarked
package io.bincard.application.stock;

import org.jspecify.annotations.NullMarked;
