package io.bincard.reconciliation.report;

import io.bincard.reconciliation.sweep.Run.Part;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a run is asked for with: {@code {"apply": true, "parts": ["books", "rows"]}}, and not a bit
 * more.
 *
 * @param parts what it does; everything unless the body says otherwise
 * @param apply whether what differs is put right; {@code false} unless the body says so
 */
record RunRequest(Set<Part> parts, boolean apply) {

  private static final int MOST_BYTES = 1_024;
  private static final String APPLY = "apply";
  private static final String PARTS = "parts";
  private static final Set<String> MEMBERS = Set.of(APPLY, PARTS);

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  RunRequest {
    parts = Set.copyOf(parts);
  }

  /**
   * @throws ReconciliationProblem if the body says anything else
   */
  static RunRequest of(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw ReconciliationProblem.malformedJson("the body has more than " + MOST_BYTES + " bytes");
    }
    if (!(read(bytes) instanceof ObjectNode object)) {
      throw ReconciliationProblem.malformedJson("a JSON object is expected");
    }
    if (!MEMBERS.containsAll(object.propertyNames())) {
      throw ReconciliationProblem.malformedJson("the members that may be there are apply, parts");
    }
    return new RunRequest(parts(object.get(PARTS)), apply(object.get(APPLY)));
  }

  private static boolean apply(@Nullable JsonNode apply) {
    if (apply != null && !apply.isBoolean()) {
      throw ReconciliationProblem.malformedJson("apply must be true or false");
    }
    return apply != null && apply.booleanValue();
  }

  private static Set<Part> parts(@Nullable JsonNode told) {
    if (told == null) {
      return EnumSet.allOf(Part.class);
    }
    Set<Part> parts = EnumSet.noneOf(Part.class);
    if (told.isArray()) {
      for (JsonNode each : told) {
        Arrays.stream(Part.values())
            .filter(part -> each.isString() && part.word().equals(each.stringValue()))
            .forEach(parts::add);
      }
    }
    if (parts.isEmpty() || parts.size() < told.size()) {
      throw ReconciliationProblem.malformedJson(
          "parts must be an array of some of these, each once: "
              + Arrays.stream(Part.values()).map(Part::word).collect(Collectors.joining(", ")));
    }
    return parts;
  }

  private static JsonNode read(byte[] bytes) {
    try {
      return JSON.readTree(bytes);
    } catch (JacksonException e) {
      // Its message repeats the input, so it is not passed on.
      throw ReconciliationProblem.malformedJson("this is no JSON, or a member stands there twice");
    }
  }
}
