package io.bincard.application.problems;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.bincard.application.receipts.LedgerJson;
import java.util.Map;

/**
 * A problem after RFC 9457.
 *
 * @param type relative URI that names the broken rule, {@code /problems/{rule}}
 * @param title the rule in a few words, the same for every case
 * @param status the HTTP status
 * @param detail what is wrong in this case, for a person
 * @param members the numbers and names of this case
 */
@JsonPropertyOrder({"type", "title", "status", "detail"})
public record Problem(
    String type,
    String title,
    int status,
    String detail,
    @JsonAnyGetter Map<String, Object> members) {

  /** The media type of a problem. */
  public static final String MEDIA_TYPE = "application/problem+json";

  /** A problem of {@code type} with the numbers and names of this case. */
  public static Problem of(ProblemType type, String detail, Map<String, Object> members) {
    return new Problem(type.uri(), type.title(), type.status(), detail, members);
  }

  /** A problem that has no numbers. */
  public static Problem of(ProblemType type, String detail) {
    return of(type, detail, Map.of());
  }

  @JsonIgnore
  public String toJson() {
    return LedgerJson.write(this);
  }
}
