/**
 * The house rules: what holds for the code, the texts and the documents of every module.
 *
 * <p>They stand here because the application alone has all modules on its class path. Each rule is
 * proved twice: this checkout keeps it, and a sample that was made to break it is rejected.
 */
@NullMarked
package io.bincard.application.architecture;

import org.jspecify.annotations.NullMarked;
