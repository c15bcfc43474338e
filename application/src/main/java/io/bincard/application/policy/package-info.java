/**
 * Discount policies between the files that people write and the versions that the ledger keeps.
 *
 * <p>{@link io.bincard.application.policy.PolicyReader} reads TOML and the stored form alike, and
 * names every mistake with its file and line; {@link io.bincard.application.policy.CanonicalPolicy}
 * writes the one form that has a fingerprint. What rules do is the domain's business.
 */
@NullMarked
package io.bincard.application.policy;

import org.jspecify.annotations.NullMarked;
