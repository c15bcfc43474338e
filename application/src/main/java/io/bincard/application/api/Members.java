package io.bincard.application.api;

import io.bincard.domain.InvalidValueException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The members of a JSON object that were read by their fields. */
final class Members {

  private static final int LONGEST_NAME_SHOWN = 64;

  private final Map<Field<?>, Object> byField;

  private Members(Map<Field<?>, Object> byField) {
    this.byField = byField;
  }

  /** A member that breaks a rule. */
  record Violation(String pointer, String rule) {

    /** The same, seen from the object that has it as {@code name}. */
    Violation under(String name) {
      return new Violation('/' + name + pointer, rule);
    }
  }

  /**
   * Reads {@code json}, which has no other members than {@code fields}; takes them out of it.
   *
   * @throws InvalidMembersException naming every member that is missing, unknown or wrong
   */
  static Members read(ObjectNode json, List<Field<?>> fields) {
    Map<Field<?>, Object> values = new HashMap<>();
    List<Violation> violations = new ArrayList<>();
    for (Field<?> field : fields) {
      JsonNode node = json.remove(field.name());
      try {
        Object value = node == null || node.isNull() ? absent(field) : field.read().apply(node);
        if (value != null) {
          values.put(field, value);
        }
      } catch (InvalidMembersException e) {
        e.violations().forEach(within -> violations.add(within.under(field.name())));
      } catch (InvalidValueException e) {
        violations.add(
            new Violation("/" + field.name(), Objects.requireNonNullElse(e.getMessage(), "")));
      }
    }
    json.propertyNames()
        .forEach(name -> violations.add(new Violation("/" + shown(name), "is not known here")));
    if (!violations.isEmpty()) {
      throw new InvalidMembersException(violations);
    }
    return new Members(values);
  }

  private static @Nullable Object absent(Field<?> field) {
    if (field.required()) {
      throw new InvalidValueException("is required");
    }
    return field.absent();
  }

  /** A name as an error may repeat it: short, visible ASCII. */
  private static String shown(String name) {
    String visible = name.replaceAll("[^ -~]", "?");
    return visible.length() > LONGEST_NAME_SHOWN
        ? visible.substring(0, LONGEST_NAME_SHOWN) + "…"
        : visible;
  }

  @SuppressWarnings("unchecked") // a field's value was made by the field
  <T> @Nullable T find(Field<T> field) {
    return (T) byField.get(field);
  }

  <T> T get(Field<T> field) {
    return Objects.requireNonNull(find(field), field.name());
  }

  <T> T getOr(Field<T> field, T other) {
    return Objects.requireNonNullElse(find(field), other);
  }
}
