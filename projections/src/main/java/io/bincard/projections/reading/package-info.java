/**
 * How questions that only views can answer are asked of them: many rows and sets in one look, with
 * what the answer is as of and how old it is.
 *
 * <p>{@link io.bincard.projections.reading.ViewLooks} looks; who cannot look is told so and must
 * not answer that there is nothing. Lists are told by pages, {@link
 * io.bincard.projections.reading.Page}. What the views are about is not known here.
 */
@NullMarked
package io.bincard.projections.reading;

import org.jspecify.annotations.NullMarked;
