/**
 * What must hold while things break, one class a {@link Fault}. A fault starts the nodes that it
 * needs on the servers that all tests share, lets clients work while it breaks something, and holds
 * what they were told against the ledger by the checker of {@code history}. What runs them is in
 * {@code faults.suite}.
 */
@NullMarked
package io.bincard.application.faults;

import org.jspecify.annotations.NullMarked;
