/**
 * Reconciliation at work beside everything else: on the real PostgreSQL and Redis, against rows
 * that the real view store wrote.
 */
@NullMarked
package io.bincard.application.reconciliation;

import org.jspecify.annotations.NullMarked;
