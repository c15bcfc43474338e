/**
 * The books: every state that the writer decides on, in its memory and in the journal, and the one
 * way in which events move them.
 *
 * <p>A decider asks {@link io.bincard.application.books.Books} for states and posts what it decided
 * with a {@link io.bincard.application.books.Posting}, whatever streams that touches. Here is also
 * how a state comes out of its events and how its opening balance is written. What is decided is
 * the domain's.
 */
@NullMarked
package io.bincard.application.books;

import org.jspecify.annotations.NullMarked;
