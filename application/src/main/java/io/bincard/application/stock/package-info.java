/**
 * The stock item at work: the thin Axon aggregate around the domain's stock item, its verdicts, and
 * the ledger's own answers to readers.
 *
 * <p>Rules live in the domain; this package carries commands to them and events away from them.
 */
@NullMarked
package io.bincard.application.stock;

import org.jspecify.annotations.NullMarked;
