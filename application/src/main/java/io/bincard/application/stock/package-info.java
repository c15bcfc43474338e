/**
 * The stock item at work: the thin shell around the domain's stock item, its verdicts, how it comes
 * out of its events and opening balance, and the ledger's own answers to readers.
 *
 * <p>Rules live in the domain; this package carries commands to them and events away from them.
 */
@NullMarked
package io.bincard.application.stock;

import org.jspecify.annotations.NullMarked;
