/**
 * Runs: the books, then all rows of the views, compared with what they must say bucket by bucket,
 * then the keys and sets of the views with what is expected. One run at a time over all nodes,
 * throttled, and taken up by another node where one stopped. Whether what was found is put right is
 * repair's matter.
 */
@NullMarked
package io.bincard.reconciliation.sweep;

import org.jspecify.annotations.NullMarked;
