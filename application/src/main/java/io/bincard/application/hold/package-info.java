/**
 * Holds at work: the shell around {@link io.bincard.domain.hold.Holding}, its verdicts, what
 * callers are told of a hold, and the timer that writes down the end of those whose time is over.
 *
 * <p>Rules live in the domain. Nothing here has to happen for a number to be right: what lapsed
 * does not count, written down or not.
 */
@NullMarked
package io.bincard.application.hold;

import org.jspecify.annotations.NullMarked;
