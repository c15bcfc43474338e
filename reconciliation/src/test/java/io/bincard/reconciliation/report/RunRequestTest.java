package io.bincard.reconciliation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunRequestTest {

  private static boolean apply(String body) throws IOException {
    return RunRequest.apply(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void nothing_is_put_right_unless_the_body_says_so() throws IOException {
    assertThat(apply("{\"apply\":true}")).isTrue();
    assertThat(apply("{\"apply\":false}")).isFalse();
    assertThat(apply("{}")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "true",
        "[]",
        "null",
        "{\"apply\":\"true\"}",
        "{\"apply\":1}",
        "{\"apply\":null}",
        "{\"aply\":true}",
        "{\"apply\":true,\"dry\":false}",
        "{\"apply\":false,\"apply\":true}",
        "{\"apply\":true}{}",
        "{\"apply\":true"
      })
  void a_body_that_says_anything_else_is_refused(String body) {
    assertThatThrownBy(() -> apply(body)).isInstanceOf(ReconciliationProblem.class);
  }

  @Test
  void a_body_that_is_too_long_is_refused_unread() {
    assertThatThrownBy(() -> apply("{\"apply\":true" + " ".repeat(2_000) + "}"))
        .isInstanceOf(ReconciliationProblem.class)
        .hasMessageContaining("1024 bytes");
  }
}
