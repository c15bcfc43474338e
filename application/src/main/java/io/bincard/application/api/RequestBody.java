package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import tools.jackson.databind.node.ObjectNode;

/** The body of a single command: one JSON object, bounded. */
final class RequestBody {

  private static final Logger logger = LoggerFactory.getLogger(RequestBody.class);

  private static final String IDENTITY = "identity";

  private RequestBody() {}

  /**
   * Reads the body of {@code request}.
   *
   * @throws InvalidRequestException if it is larger than {@code maxBytes}, encoded, broken off, or
   *     no JSON object
   */
  static ObjectNode read(HttpServletRequest request, long maxBytes) {
    if (!isPlain(encoding(request))) {
      throw unsupportedEncoding("a single command is sent as it is");
    }
    if (request.getContentLengthLong() > maxBytes) {
      throw tooLarge(maxBytes);
    }
    byte[] body;
    try {
      body = request.getInputStream().readNBytes(Math.toIntExact(maxBytes) + 1);
    } catch (IOException e) {
      logger.atDebug().setCause(e).log("A request broke off");
      throw new InvalidRequestException(incomplete());
    }
    if (body.length > maxBytes) {
      throw tooLarge(maxBytes);
    }
    return StrictJson.parse(ByteBuffer.wrap(body));
  }

  /** The {@code Content-Encoding} in lower case, {@code identity} without one. */
  static String encoding(HttpServletRequest request) {
    String encoding = RequestHeaders.single(request, HttpHeaders.CONTENT_ENCODING);
    return encoding == null ? IDENTITY : encoding.strip().toLowerCase(Locale.ROOT);
  }

  static boolean isPlain(String encoding) {
    return encoding.equals(IDENTITY);
  }

  static InvalidRequestException unsupportedEncoding(String detail) {
    return new InvalidRequestException(
        Problem.of(ProblemType.UNSUPPORTED_CONTENT_ENCODING, detail));
  }

  /** The sender broke off, sent nothing for too long, or framed the body wrongly. */
  static Problem incomplete() {
    return Problem.of(ProblemType.INCOMPLETE_BODY, "the body broke off before its end");
  }

  private static InvalidRequestException tooLarge(long maxBytes) {
    return new InvalidRequestException(
        Problem.of(ProblemType.BODY_TOO_LARGE, "a command has at most " + maxBytes + " bytes"));
  }
}
