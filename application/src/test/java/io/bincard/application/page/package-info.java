/**
 * The page of live stock in a real browser, driven over the DevTools protocol with the JDK alone.
 */
@NullMarked
package io.bincard.application.page;

import org.jspecify.annotations.NullMarked;
