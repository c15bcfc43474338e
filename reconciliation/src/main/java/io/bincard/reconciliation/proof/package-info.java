/** What was compared and found to be right, so that it need not be compared again. */
@NullMarked
package io.bincard.reconciliation.proof;

import org.jspecify.annotations.NullMarked;
