package io.bincard.reconciliation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.reconciliation.sweep.Run.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunRequestTest {

  private static RunRequest read(String body) throws IOException {
    return RunRequest.of(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void nothing_is_put_right_unless_the_body_says_so() throws IOException {
    assertThat(read("{\"apply\":true}").apply()).isTrue();
    assertThat(read("{\"apply\":false}").apply()).isFalse();
    assertThat(read("{}").apply()).isFalse();
    assertThat(read("{\"parts\":[\"books\"]}").apply()).isFalse();
  }

  @Test
  void everything_is_done_unless_the_body_names_parts() throws IOException {
    assertThat(read("{}").parts()).containsExactlyInAnyOrder(Part.BOOKS, Part.ROWS);
    assertThat(read("{\"parts\":[\"rows\"]}").parts()).containsExactly(Part.ROWS);
    assertThat(read("{\"apply\":true,\"parts\":[\"books\"]}").parts()).containsExactly(Part.BOOKS);
    assertThat(read("{\"parts\":[\"rows\",\"books\"]}").parts())
        .containsExactlyInAnyOrder(Part.BOOKS, Part.ROWS);
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
        "{\"apply\":true",
        "{\"parts\":\"rows\"}",
        "{\"parts\":[]}",
        "{\"parts\":null}",
        "{\"parts\":{}}",
        "{\"parts\":[\"sums\"]}",
        "{\"parts\":[\"rows\",\"sums\"]}",
        "{\"parts\":[\"rows\",\"rows\"]}",
        "{\"parts\":[\"ROWS\"]}",
        "{\"parts\":[1]}"
      })
  void a_body_that_says_anything_else_is_refused(String body) {
    assertThatThrownBy(() -> read(body)).isInstanceOf(ReconciliationProblem.class);
  }

  @Test
  void a_body_that_is_too_long_is_refused_unread() {
    assertThatThrownBy(() -> read("{\"apply\":true" + " ".repeat(2_000) + "}"))
        .isInstanceOf(ReconciliationProblem.class)
        .hasMessageContaining("1024 bytes");
  }
}
