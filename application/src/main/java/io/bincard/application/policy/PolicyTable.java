package io.bincard.application.policy;

import io.bincard.domain.InvalidValueException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A table of a policy while it is read. Whatever is wrong is noted and read as if it were absent,
 * so that all mistakes are found at once; {@link #close()} notes the keys that nobody asked for.
 */
final class PolicyTable {

  private final ObjectNode node;
  private final Place place;
  private final Mistakes mistakes;
  private final Set<String> asked = new HashSet<>();

  PolicyTable(ObjectNode node, Place place, Mistakes mistakes) {
    this.node = node;
    this.place = place;
    this.mistakes = mistakes;
  }

  Place place() {
    return place;
  }

  Mistakes mistakes() {
    return mistakes;
  }

  boolean has(String key) {
    return node.has(key);
  }

  /** {@code key} is known here, though nobody reads it. */
  void skip(String key) {
    asked.add(key);
  }

  /** The value of {@code key}; {@code null} if it is absent or wrong. */
  <T> @Nullable T find(String key, PolicyValue<T> kind) {
    asked.add(key);
    JsonNode value = node.get(key);
    return value == null ? null : read(value, place.key(key), kind);
  }

  /** The value of {@code key}; {@code null} if it is wrong or absent, which is wrong too. */
  <T> @Nullable T get(String key, PolicyValue<T> kind) {
    if (!has(key)) {
      mistakes.add(place.key(key), kind.expected(), "nothing");
    }
    return find(key, kind);
  }

  /** The values of the array {@code key}, without those that are wrong; empty if it is absent. */
  <T> List<T> list(String key, PolicyValue<T> kind) {
    asked.add(key);
    JsonNode array = node.get(key);
    if (array == null) {
      return List.of();
    }
    if (!array.isArray()) {
      mistakes.add(place.key(key), "a list", PolicyValue.shown(array));
      return List.of();
    }
    List<T> values = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      T value = read(array.get(i), place.key(key).entry(i, "#" + (i + 1)), kind);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private <T> @Nullable T read(JsonNode value, Place where, PolicyValue<T> kind) {
    try {
      return kind.read().apply(value);
    } catch (InvalidValueException e) {
      mistakes.add(where, kind.expected(), PolicyValue.shown(value));
      return null;
    }
  }

  /** The table {@code key}; {@code null} if it is absent or wrong. */
  @Nullable PolicyTable table(String key) {
    asked.add(key);
    JsonNode value = node.get(key);
    return value == null ? null : table(value, place.key(key));
  }

  /** The tables of the array {@code key}, told by their {@code id} if they have one. */
  List<PolicyTable> tables(String key) {
    asked.add(key);
    JsonNode array = node.get(key);
    if (array == null) {
      return List.of();
    }
    if (!array.isArray()) {
      mistakes.add(place.key(key), "a list of tables", PolicyValue.shown(array));
      return List.of();
    }
    List<PolicyTable> tables = new ArrayList<>(array.size());
    for (int i = 0; i < array.size(); i++) {
      JsonNode id = array.get(i).get("id");
      String name =
          id != null && id.isString() ? PolicyValue.shortened(id.asString()) : "#" + (i + 1);
      PolicyTable table = table(array.get(i), place.key(key).entry(i, name));
      if (table != null) {
        tables.add(table);
      }
    }
    return tables;
  }

  private @Nullable PolicyTable table(JsonNode value, Place where) {
    if (value instanceof ObjectNode object) {
      return new PolicyTable(object, where, mistakes);
    }
    mistakes.add(where, "a table", PolicyValue.shown(value));
    return null;
  }

  /**
   * Notes that {@code key} is a list without an entry, or a table without a key, where that would
   * be taken for no limit at all.
   */
  void refuseEmpty(String key) {
    JsonNode value = node.get(key);
    if (value != null && value.isContainer() && value.isEmpty()) {
      mistakes.add(place.key(key), "at least one, or no such key", "none");
    }
  }

  /** Notes that {@code key} should have been {@code expected}. */
  void wrong(String key, String expected) {
    JsonNode value = node.get(key);
    mistakes.add(
        key.isEmpty() ? place : place.key(key),
        expected,
        value == null ? "nothing" : PolicyValue.shown(value));
  }

  /** Everything was asked for that may stand here. */
  void close() {
    for (String key : node.propertyNames()) {
      if (!asked.contains(key)) {
        mistakes.add(
            place.key(PolicyValue.shortened(key)),
            "one of " + String.join(", ", asked.stream().sorted().toList()),
            "a key that is not known here");
      }
    }
  }

  /** Where it stands. */
  @Override
  public String toString() {
    return place.file().name() + " as " + place.shown();
  }
}
