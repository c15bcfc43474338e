package io.bincard.application.policy;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What one version of a policy has otherwise than another.
 *
 * @param changes by key, in order
 */
public record PolicyDifference(List<Change> changes) {

  private static final JsonMapper MAPPER = new JsonMapper();

  /**
   * An entry, or a setting, that is another.
   *
   * @param key as {@code rule[xmas]} or {@code zone}
   * @param before absent if it is new
   * @param after absent if it is gone
   */
  @JsonPropertyOrder({"key", "before", "after"})
  public record Change(String key, @Nullable JsonNode before, @Nullable JsonNode after) {}

  /** The difference of two canonical forms. */
  public static PolicyDifference of(String before, String after) {
    Map<String, JsonNode> old = entries(before);
    Map<String, JsonNode> fresh = entries(after);
    List<Change> changes = new ArrayList<>();
    TreeSet<String> keys = new TreeSet<>(old.keySet());
    keys.addAll(fresh.keySet());
    for (String key : keys) {
      if (!Objects.equals(old.get(key), fresh.get(key))) {
        changes.add(new Change(key, old.get(key), fresh.get(key)));
      }
    }
    return new PolicyDifference(changes);
  }

  private static Map<String, JsonNode> entries(String form) {
    Map<String, JsonNode> entries = new TreeMap<>();
    MAPPER
        .readTree(form)
        .properties()
        .forEach(
            member -> {
              if (member.getValue().isArray()) {
                member
                    .getValue()
                    .forEach(
                        entry ->
                            entries.put(
                                member.getKey() + '[' + entry.path("id").asString("") + ']',
                                entry));
              } else {
                entries.put(member.getKey(), member.getValue());
              }
            });
    return entries;
  }
}
