package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.writer.OnError;
import io.bincard.domain.policy.ReleaseStage;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Schema;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Set;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Many commands in one request, one a line; one answer a line, in order. */
@RestController
final class CommandBatchController {

  /** Newline-delimited JSON. */
  static final String NDJSON = "application/x-ndjson";

  private static final String ON_ERROR = "onError";
  private static final String CONTINUE = "continue";
  private static final String STOP = "stop";
  private static final String ATOMIC = "atomic";

  private static final Map<String, OnError> POLICIES =
      Map.of(CONTINUE, OnError.CONTINUE, STOP, OnError.STOP, ATOMIC, OnError.ATOMIC);

  private final CommandGateway gateway;
  private final ApiProperties limits;

  CommandBatchController(CommandGateway gateway, ApiProperties limits) {
    this.gateway = gateway;
    this.limits = limits;
  }

  @PostMapping(
      path = "/v1/commands",
      consumes = NDJSON,
      produces = {NDJSON, Problem.MEDIA_TYPE})
  @Parameter(
      name = ON_ERROR,
      in = ParameterIn.QUERY,
      schema =
          @Schema(
              allowableValues = {CONTINUE, STOP, ATOMIC},
              defaultValue = CONTINUE))
  void run(HttpServletRequest request, HttpServletResponse response)
      throws IOException, InterruptedException {
    RequestParameters.allowOnly(request, Set.of(ON_ERROR));
    OnError policy = POLICIES.get(RequestParameters.of(request).getOrDefault(ON_ERROR, CONTINUE));
    if (policy == null) {
      throw new InvalidRequestException(
          Problem.of(ProblemType.INVALID_ON_ERROR, "onError is continue, stop or atomic"));
    }
    ReleaseStage stage = RequestHeaders.releaseStage(request);
    try (InputStream body = body(request)) {
      LineReader lines = new LineReader(body, Math.toIntExact(limits.maxLine().toBytes()));
      new CommandBatch(gateway, limits, policy, stage, RequestHeaders.traceParent(request), lines)
          .run(
              () -> {
                response.setContentType(NDJSON);
                // From here on commands run. Should the rest of the request be unreadable, Tomcat
                // must not find an open answer and say 400 over it, as if nothing had been done.
                response.flushBuffer();
                return response.getOutputStream();
              });
    }
  }

  private InputStream body(HttpServletRequest request) throws IOException {
    String encoding = RequestBody.encoding(request);
    if (RequestBody.isPlain(encoding)) {
      return request.getInputStream();
    }
    if (!encoding.equals("gzip")) {
      throw RequestBody.unsupportedEncoding("only gzip is understood");
    }
    try {
      return new GzipBody(request.getInputStream(), limits.maxInflation());
    } catch (UnreadableBodyException e) {
      throw new InvalidRequestException(e.problem());
    }
  }
}
