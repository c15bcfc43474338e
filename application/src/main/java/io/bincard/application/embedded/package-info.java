/**
 * The servers that Bincard brings along when it is given none: PostgreSQL and Redis as real child
 * processes, with their data in one folder that survives restarts.
 *
 * <p>Everything about them lives here: unpacking, starting, the clean stop after the application's
 * own, and the leftovers of a run that was killed. Nothing outside may depend on it except the
 * entry point; to the rest of the program the servers are the URLs in the environment. The
 * libraries that hold the binaries are optional dependencies, so a production jar has none of them
 * and refuses to start without URLs.
 */
@NullMarked
package io.bincard.application.embedded;

import org.jspecify.annotations.NullMarked;
