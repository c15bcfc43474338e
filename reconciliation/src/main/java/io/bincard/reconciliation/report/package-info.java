/**
 * What people and programs are told of runs, discrepancies and the fuse, and what they may ask for:
 * the routes below {@code /v1/reconciliation}, as JSON and, of one run, as a page.
 */
@NullMarked
package io.bincard.reconciliation.report;

import org.jspecify.annotations.NullMarked;
