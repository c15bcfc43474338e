/** Tests of the tiers, on real partitions and with a clock that moves. */
@NullMarked
package io.bincard.application.tiers;

import org.jspecify.annotations.NullMarked;
