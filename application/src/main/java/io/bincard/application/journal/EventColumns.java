package io.bincard.application.journal;

import io.bincard.application.postgres.ArrayColumn;
import io.bincard.application.postgres.Columns;
import java.sql.SQLException;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;

/** Events that are about to be stored, as the journal's statement takes them. */
final class EventColumns {

  private final Serializer serializer;
  private final ArrayColumn position = ArrayColumn.ofNumbers();
  private final ArrayColumn eventId = ArrayColumn.ofTexts();
  private final ArrayColumn stream = ArrayColumn.ofTexts();
  private final ArrayColumn sequence = ArrayColumn.ofNumbers();
  private final ArrayColumn streamType = ArrayColumn.ofTexts();
  private final ArrayColumn type = ArrayColumn.ofTexts();
  private final ArrayColumn revision = ArrayColumn.ofTexts();
  private final ArrayColumn payload = ArrayColumn.ofTexts();
  private final ArrayColumn metadata = ArrayColumn.ofTexts();

  EventColumns(Serializer serializer) {
    this.serializer = serializer;
  }

  void add(long at, EventMessage<?> event) {
    // Not by the message, which would keep both for as long as it lives.
    SerializedObject<String> data = serializer.serialize(event.getPayload(), String.class);
    String words = serializer.serialize(event.getMetaData(), String.class).getData();
    position.addNumber(at);
    eventId.addText(event.getIdentifier());
    stream.addText(streamOf(event));
    sequence.addNumber(sequenceOf(event));
    streamType.addText(event instanceof DomainEventMessage<?> inStream ? inStream.getType() : null);
    type.addText(data.getType().getName());
    revision.addText(data.getType().getRevision());
    payload.addText(data.getData());
    metadata.addText(words);
  }

  /** The stream of {@code event}; one that has none is a stream of its own. */
  static String streamOf(EventMessage<?> event) {
    return event instanceof DomainEventMessage<?> inStream
        ? inStream.getAggregateIdentifier()
        : event.getIdentifier();
  }

  static long sequenceOf(EventMessage<?> event) {
    return event instanceof DomainEventMessage<?> inStream ? inStream.getSequenceNumber() : 0;
  }

  /** Forgets all events but the first {@code kept}. */
  void truncate(int kept) {
    for (ArrayColumn column :
        List.of(
            position, eventId, stream, sequence, streamType, type, revision, payload, metadata)) {
      column.truncate(kept);
    }
  }

  void bind(Columns columns) throws SQLException {
    columns.array(position);
    columns.array(eventId);
    columns.array(stream);
    columns.array(sequence);
    columns.array(streamType);
    columns.array(type);
    columns.array(revision);
    columns.array(payload);
    columns.array(metadata);
  }
}
