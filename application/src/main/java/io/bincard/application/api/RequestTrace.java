package io.bincard.application.api;

import io.bincard.domain.policy.ReleaseStage;
import io.micrometer.tracing.Span;
import io.micrometer.tracing.TraceContext;
import io.micrometer.tracing.Tracer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.core.Ordered;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Tells the sender and the events which span a request ran in, as W3C Trace Context 1 writes it.
 *
 * <p>The span itself is made before, by Spring's observation of the request: of the trace that a
 * well-formed {@code traceparent} names, else of a new one. Whether the trace is recorded anywhere
 * is not decided here.
 */
final class RequestTrace extends OncePerRequestFilter implements Ordered {

  /** The request attribute that holds the span's {@code traceparent}. */
  static final String ATTRIBUTE = RequestTrace.class.getName();

  /** The tag of spans whose request asks for what is tried out. */
  static final String STAGE_TAG = "bincard.release_stage";

  private static final String CANARY = RequestHeaders.word(ReleaseStage.CANARY);

  /** Right behind Spring Boot's filter that observes requests. */
  private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 2;

  private final Tracer tracer;

  RequestTrace(Tracer tracer) {
    this.tracer = tracer;
  }

  @Override
  public int getOrder() {
    return ORDER;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Span span = tracer.currentSpan();
    // Not isNoop(): a span that is not recorded calls itself one, and has ids all the same.
    if (span != null && !span.context().traceId().isEmpty()) {
      String traceParent = traceParent(span.context());
      request.setAttribute(ATTRIBUTE, traceParent);
      response.setHeader(RequestHeaders.TRACE_PARENT, traceParent);
      String stage = request.getHeader(RequestHeaders.RELEASE_STAGE);
      if (CANARY.equals(stage)) {
        span.tag(STAGE_TAG, stage);
      }
    }
    chain.doFilter(request, response);
  }

  private static String traceParent(TraceContext span) {
    String flags = Boolean.TRUE.equals(span.sampled()) ? "01" : "00";
    return "00-" + span.traceId() + "-" + span.spanId() + "-" + flags;
  }
}
