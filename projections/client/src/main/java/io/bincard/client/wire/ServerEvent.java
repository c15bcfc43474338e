package io.bincard.client.wire;

/**
 * One block of lines of a stream of events.
 *
 * @param type {@code message} if the server named none
 * @param data its lines with newlines between them; empty for a block without data, which standard
 *     clients do not even hear of
 * @param hasId whether the block had an id of its own
 * @param lastId the last id that the server named, in this block or before; empty if none
 */
public record ServerEvent(String type, String data, boolean hasId, String lastId) {}
