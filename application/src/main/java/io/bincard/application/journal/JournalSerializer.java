package io.bincard.application.journal;

import io.bincard.application.receipts.LedgerJson;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import tools.jackson.databind.ObjectReader;

/**
 * Writes events as plain JSON under their stored names and reads them back. A name that is not in
 * the {@link EventCatalog} is refused before any class is looked up, so stored data can never name
 * a class.
 */
public final class JournalSerializer extends Jackson3Serializer {

  private static final SerializedType META_DATA =
      new SimpleSerializedType(MetaData.class.getName(), null);

  public JournalSerializer() {
    super(builder().jsonMapperBuilderCustomizer(LedgerJson::writeValuesPlainly));
  }

  @Override
  @SuppressWarnings("rawtypes") // Axon's signature
  public SerializedType typeForClass(Class type) {
    if (MetaData.class.equals(type)) {
      return META_DATA;
    }
    SerializedType stored = EventCatalog.typeOf(type);
    if (stored == null) {
      throw new SerializationException("no stored event name for " + type.getName());
    }
    return stored;
  }

  @Override
  public Class<?> classForType(SerializedType type) {
    if (MetaData.class.getName().equals(type.getName())) {
      return MetaData.class;
    }
    Class<?> known = EventCatalog.classOf(type);
    if (known == null) {
      throw new SerializationException(
          "the journal holds an event that this version does not know: "
              + type.getName()
              + ", revision "
              + type.getRevision());
    }
    return known;
  }

  /** Reads events of {@code type} from their stored bytes. */
  ObjectReader readerOf(Class<?> type) {
    return getReader(type);
  }
}
