/**
 * Prices of the past, computed again: by the version that made them, which must come out the same,
 * and by one that never was, to see what it would have done.
 *
 * <p>Only reads. A job of the command line, beside the application and never within it.
 */
@NullMarked
package io.bincard.application.repricing;

import org.jspecify.annotations.NullMarked;
