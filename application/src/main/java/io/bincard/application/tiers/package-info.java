/**
 * Tiers: what becomes of events and receipts as they grow old, and who may touch them.
 *
 * <p>Both lie in one partition a UTC day. Here are the day itself, the making of days ahead of time
 * and the dropping of old receipts, and the roles: the application adds rows, another role owns the
 * tables. What a row means is no concern of this package, and it names no other of the application.
 */
@NullMarked
package io.bincard.application.tiers;

import org.jspecify.annotations.NullMarked;
