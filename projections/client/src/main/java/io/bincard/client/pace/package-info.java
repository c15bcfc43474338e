/**
 * Time: how long to wait before the next attempt, and what a silence means.
 *
 * <p>Everything here is told what time it is and where chance comes from, so that tests decide
 * both. Not for users of the client.
 */
@NullMarked
package io.bincard.client.pace;

import org.jspecify.annotations.NullMarked;
