/**
 * The runnable ledger: the program that starts the write side and brings the read side with it.
 *
 * <p>Only the entry point lives here; every feature has its own package below. The projections and
 * the reconciliation join at run time by auto-configuration, so nothing here can name them.
 */
@NullMarked
package io.bincard.application;

import org.jspecify.annotations.NullMarked;
