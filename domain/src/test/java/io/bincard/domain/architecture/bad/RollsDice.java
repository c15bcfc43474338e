package io.bincard.domain.architecture.bad;

import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Makes up ids, though ids come into the domain as arguments. */
record RollsDice(List<UUID> ids) {
  static RollsDice roll(int times) {
    return new RollsDice(Stream.generate(UUID::randomUUID).limit(times).toList());
  }
}
