/**
 * Clients of live stock in great number, for a fault to take nodes away from. They follow, break
 * off, are slow and are replaced, and hold each word that they are told against what they know;
 * {@code Books} is what the journal says. They know the wire and nothing of the product's code.
 */
@NullMarked
package io.bincard.application.faults.audience;

import org.jspecify.annotations.NullMarked;
