/** Reconciliation on a ledger that this module has written. */
@NullMarked
package io.bincard.application.reconciliation;

import org.jspecify.annotations.NullMarked;
