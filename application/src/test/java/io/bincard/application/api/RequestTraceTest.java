package io.bincard.application.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.test.simple.SimpleSpan;
import io.micrometer.tracing.test.simple.SimpleTracer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** What a request's span says of the release stage; TraceIT asks a running server for the rest. */
class RequestTraceTest {

  @ParameterizedTest
  @CsvSource({"canary, true", "stable, false", "CANARY, false", ", false"})
  void a_canary_request_is_tagged_and_no_other(@Nullable String stage, boolean tagged)
      throws Exception {
    SimpleTracer tracer = new SimpleTracer();
    SimpleSpan span = tracer.nextSpan().start();
    MockHttpServletRequest request = new MockHttpServletRequest("POST", "/v1/quotes");
    if (stage != null) {
      request.addHeader(RequestHeaders.RELEASE_STAGE, stage);
    }

    try (Tracer.SpanInScope _ = tracer.withSpan(span)) {
      new RequestTrace(tracer)
          .doFilter(request, new MockHttpServletResponse(), new MockFilterChain());
    }

    assertThat("canary".equals(span.getTags().get(RequestTrace.STAGE_TAG))).isEqualTo(tagged);
  }
}
