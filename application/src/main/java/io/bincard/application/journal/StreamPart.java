package io.bincard.application.journal;

/**
 * The events of a stream from one on.
 *
 * @param firstSequence of the first event wanted
 * @param position not behind that event; the nearer, the fewer days are looked into
 */
public record StreamPart(String stream, long firstSequence, long position) {}
