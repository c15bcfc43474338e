/**
 * The discount policy: which rules there are, when each applies, and what it gives.
 *
 * <p>A policy is a value; how it comes out of files, is stored and put in force is not known here.
 * What can be checked without looking at a cart is checked when it is made. {@link
 * io.bincard.domain.pricing} applies it.
 */
@NullMarked
package io.bincard.domain.policy;

import org.jspecify.annotations.NullMarked;
