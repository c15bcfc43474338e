/**
 * The borders of this module: what the domain may name, and what it may never ask for.
 *
 * <p>Each rule is proved twice: the domain keeps it, and the class in {@code bad} that was made to
 * break it is rejected.
 */
@NullMarked
package io.bincard.domain.architecture;

import org.jspecify.annotations.NullMarked;
