/** What {@code CORRUPT} and {@code HEALTH} need: a steady load, and hands that spoil views. */
@NullMarked
package io.bincard.application.faults.damage;

import org.jspecify.annotations.NullMarked;
