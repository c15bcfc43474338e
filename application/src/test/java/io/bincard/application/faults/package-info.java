/**
 * What must hold while things break: clients that go on through kills and losses, and the checker
 * that holds what they were told against the journal.
 */
@NullMarked
package io.bincard.application.faults;

import org.jspecify.annotations.NullMarked;
