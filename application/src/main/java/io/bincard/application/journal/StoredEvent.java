package io.bincard.application.journal;

import java.time.Instant;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.serialization.SerializedObject;
import org.jspecify.annotations.Nullable;

/**
 * An event as it stands in the journal, for Axon to read. Axon's own entry would cut the time to
 * milliseconds, and write and parse it as text.
 */
record StoredEvent(
    String getEventIdentifier,
    @Nullable String getType,
    @Nullable String getAggregateIdentifier,
    long getSequenceNumber,
    Instant getTimestamp,
    SerializedObject<String> getPayload,
    SerializedObject<String> getMetaData)
    implements DomainEventData<String> {}
