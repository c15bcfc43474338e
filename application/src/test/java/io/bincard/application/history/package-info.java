/**
 * What clients sent and what they were told, and the checker that holds it against the ledger: a
 * library for tests and a program for auditors. It shares no code with the ledger and folds the
 * journal by a model of its own.
 */
@NullMarked
package io.bincard.application.history;

import org.jspecify.annotations.NullMarked;
