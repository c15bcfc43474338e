/** One class for each rule of the domain, made to break that rule. Nothing else may use them. */
@NullMarked
package io.bincard.domain.architecture.bad;

import org.jspecify.annotations.NullMarked;
