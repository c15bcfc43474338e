/** Stock through the whole application. */
@NullMarked
package io.bincard.application.books;

import org.jspecify.annotations.NullMarked;
