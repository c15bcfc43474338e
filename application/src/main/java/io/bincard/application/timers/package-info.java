/**
 * Time, and what is to be done when: the ledger's {@link
 * io.bincard.application.timers.SteadyClock}, {@link io.bincard.application.timers.Timers} for a
 * few tasks with names, and an {@link io.bincard.application.timers.Agenda} for very many keys of
 * one kind. Tasks run in the node that leads, and change the ledger by commands as everybody does;
 * the epoch that every commit checks is what fences them. What a task means is none of its
 * business.
 */
@NullMarked
package io.bincard.application.timers;

import org.jspecify.annotations.NullMarked;
