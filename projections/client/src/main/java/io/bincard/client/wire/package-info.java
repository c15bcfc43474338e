/**
 * What comes over the wire: server-sent events as the HTML standard has them, and the flat JSON
 * objects in them.
 *
 * <p>Both are read in bounded memory and refuse what they do not understand. A library would bring
 * a thousand classes for the two of them. Not for users of the client.
 */
@NullMarked
package io.bincard.client.wire;

import org.jspecify.annotations.NullMarked;
