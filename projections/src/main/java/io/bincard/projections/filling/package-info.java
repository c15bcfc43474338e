/**
 * How views are filled: what a view is to whoever fills it, and the processor that follows the
 * journal for all of them together.
 *
 * <p>A {@link io.bincard.projections.filling.View} says which events it is about and folds them
 * into rows; it knows neither Axon nor where its rows go. So the same fold serves the live path
 * here and a rebuild, and all views stand at one position under one mark. A view more is one bean
 * more; a store without its rows is told by its name and built anew.
 */
@NullMarked
package io.bincard.projections.filling;

import org.jspecify.annotations.NullMarked;
