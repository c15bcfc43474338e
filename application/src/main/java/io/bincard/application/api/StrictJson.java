package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads one JSON object as RFC 8259 has it and not a bit more: UTF-8 without a byte order mark, no
 * duplicate members, nothing behind it, no {@code -0}, bounded depth and numbers.
 */
final class StrictJson {

  private static final int MAX_DEPTH = 16;
  private static final int MAX_NUMBER_LENGTH = 32;
  private static final String NEGATIVE_ZERO = "-0";

  private static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(MAX_DEPTH)
                          .maxNumberLength(MAX_NUMBER_LENGTH)
                          .build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private StrictJson() {}

  /**
   * The object in {@code utf8}.
   *
   * @throws InvalidRequestException with a {@code malformed-json} problem that says what is wrong
   *     and where
   */
  static ObjectNode parse(ByteBuffer utf8) {
    String text = decode(utf8);
    try {
      if (text.contains(NEGATIVE_ZERO)) {
        refuseNegativeZero(text);
      }
      JsonNode node = MAPPER.readTree(text);
      if (node instanceof ObjectNode object) {
        return object;
      }
      throw malformed("a JSON object is expected");
    } catch (StreamConstraintsException e) {
      throw malformed("the JSON is nested too deep, or a number or name in it is too long");
    } catch (StreamReadException e) {
      throw malformed(
          (isDuplicate(e) ? "a member stands there twice" : "this is no JSON") + where(e));
    } catch (JacksonException e) {
      throw malformed("something follows the JSON object" + where(e));
    }
  }

  // Jackson has no type of its own for it. Its messages name its classes and repeat the input, so
  // none is passed on.
  private static boolean isDuplicate(StreamReadException e) {
    return String.valueOf(e.getOriginalMessage()).startsWith("Duplicate");
  }

  private static String decode(ByteBuffer utf8) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
      if (text.startsWith("\uFEFF")) {
        throw malformed("a byte order mark stands before the JSON");
      }
      return text;
    } catch (CharacterCodingException e) {
      throw malformed("the body is not UTF-8");
    }
  }

  private static void refuseNegativeZero(String text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token == JsonToken.VALUE_NUMBER_INT && NEGATIVE_ZERO.equals(parser.getString())) {
          throw malformed("-0 is no number of units");
        }
      }
    }
  }

  private static String where(JacksonException e) {
    return e.getLocation() == null
        ? ""
        : " (line "
            + e.getLocation().getLineNr()
            + ", column "
            + e.getLocation().getColumnNr()
            + ")";
  }

  private static InvalidRequestException malformed(String detail) {
    return new InvalidRequestException(Problem.of(ProblemType.MALFORMED_JSON, detail));
  }
}
