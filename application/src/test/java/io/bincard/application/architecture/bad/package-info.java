/**
 * At least one class for each rule of the house, made to break that rule. Nothing else may use
 * them. The packages below play the outer modules, as if this one were {@code io.bincard}.
 */
@NullMarked
package io.bincard.application.architecture.bad;

import org.jspecify.annotations.NullMarked;
