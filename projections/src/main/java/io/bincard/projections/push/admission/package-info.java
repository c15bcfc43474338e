/**
 * Who may hold a connection open: the caps, and the tokens with which clients of a node that goes
 * down are let in elsewhere.
 *
 * <p>A token never decides on anything but a place: a client without one, or with a bad one, is an
 * ordinary client.
 */
@NullMarked
package io.bincard.projections.push.admission;

import org.jspecify.annotations.NullMarked;
