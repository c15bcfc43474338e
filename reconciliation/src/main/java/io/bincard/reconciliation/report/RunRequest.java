package io.bincard.reconciliation.report;

import java.io.IOException;
import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a run is asked for with: {@code {"apply": true}}, and not a bit more. */
final class RunRequest {

  private static final int MOST_BYTES = 1_024;
  private static final String APPLY = "apply";

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private RunRequest() {}

  /**
   * Whether what differs is to be put right; {@code false} unless the body says so.
   *
   * @throws ReconciliationProblem if the body says anything else
   */
  static boolean apply(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MOST_BYTES + 1);
    if (bytes.length > MOST_BYTES) {
      throw ReconciliationProblem.malformedJson("the body has more than " + MOST_BYTES + " bytes");
    }
    if (!(read(bytes) instanceof ObjectNode object)) {
      throw ReconciliationProblem.malformedJson("a JSON object is expected");
    }
    JsonNode apply = object.get(APPLY);
    if (object.size() > (apply == null ? 0 : 1)) {
      throw ReconciliationProblem.malformedJson("the one member that may be there is apply");
    }
    if (apply != null && !apply.isBoolean()) {
      throw ReconciliationProblem.malformedJson("apply must be true or false");
    }
    return apply != null && apply.booleanValue();
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
