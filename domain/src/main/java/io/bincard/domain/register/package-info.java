/**
 * Which version of the discount policy is in force, which one is tried out, and which were refused:
 * the ledger's own memory of its rules.
 *
 * <p>{@link io.bincard.domain.register.PolicyRegister} decides and folds. What a policy says is not
 * known here; it is a fingerprint and the text that it was taken of.
 */
@NullMarked
package io.bincard.domain.register;

import org.jspecify.annotations.NullMarked;
