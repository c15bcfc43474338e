/**
 * The embedded servers under attack: real child processes, stopped, interrupted and killed.
 *
 * <p>Most tests run a bare application, for what they ask does not depend on what the servers
 * serve; one runs the product itself.
 */
@NullMarked
package io.bincard.application.embedded;

import org.jspecify.annotations.NullMarked;
