/**
 * What is promised to holds for a time: units of a stock item, money and uses of a campaign.
 *
 * <p>{@link io.bincard.domain.reservation.Reservations} knows which of it has lapsed at any moment,
 * whether or not somebody has written that down. What a hold is stays outside.
 */
@NullMarked
package io.bincard.domain.reservation;

import org.jspecify.annotations.NullMarked;
