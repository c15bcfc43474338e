/** Tests of keys, their age, and where their receipts are looked for. */
@NullMarked
package io.bincard.application.receipts;

import org.jspecify.annotations.NullMarked;
