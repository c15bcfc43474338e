package io.bincard.reconciliation.stored;

/**
 * How far the live generation is.
 *
 * @param generation its number
 * @param epoch the name of its filling, which every row of it has
 * @param position every event up to here is in the rows
 */
public record Mark(long generation, String epoch, long position) {}
