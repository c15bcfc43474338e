/**
 * Reconciliation on the real PostgreSQL and Redis, beside the ledger and the views that it checks.
 */
@NullMarked
package io.bincard.application.reconciliation;

import org.jspecify.annotations.NullMarked;
