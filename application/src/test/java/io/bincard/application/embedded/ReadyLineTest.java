package io.bincard.application.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.env.MockEnvironment;

class ReadyLineTest {

  private final MockEnvironment environment =
      new MockEnvironment().withProperty("local.server.port", "18080");

  @Test
  void says_in_one_line_what_runs_where_and_what_to_try() {
    assertThat(new ReadyLine(List.of("PostgreSQL here", "Redis there")).text("1.2.3", environment))
        .isEqualTo(
            "Bincard 1.2.3 is ready: http://127.0.0.1:18080 (PostgreSQL here; Redis there)."
                + " Try: curl -s -X POST http://127.0.0.1:18080/v1/stock-items"
                + " -H 'Content-Type: application/json' -H 'Idempotency-Key: hello-1'"
                + " -d '{\"sku\":\"HELLO\",\"openingQuantity\":10}'");
  }

  @Test
  void does_without_a_version_where_there_is_no_build() {
    assertThat(new ReadyLine(List.of()).text(null, environment)).startsWith("Bincard is ready: ");
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, http://127.0.0.1:18080",
    "::, http://127.0.0.1:18080",
    "10.1.2.3, http://10.1.2.3:18080",
    "::1, http://[::1]:18080",
  })
  void names_an_address_that_can_be_called(String address, String url) {
    environment.setProperty("server.address", address);
    assertThat(new ReadyLine(List.of()).text(null, environment)).contains("ready: " + url + " (");
  }

  @Test
  void follows_the_scheme_and_the_context_path() {
    environment.setProperty("server.ssl.bundle", "web");
    environment.setProperty("server.servlet.context-path", "/ledger");
    assertThat(new ReadyLine(List.of()).text(null, environment))
        .contains("POST https://127.0.0.1:18080/ledger/v1/stock-items");
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://db.example:5432/bincard, db.example:5432/bincard",
    "jdbc:postgresql://db/bincard?user=me&password=secret, db/bincard",
    "redis://me:secret@redis.example:6379/3, redis.example:6379/3",
    "redis.example, redis.example",
  })
  void shows_a_place_without_its_secrets(String url, String shown) {
    assertThat(Shown.url(url)).isEqualTo(shown);
  }

  @Test
  void shows_a_path_below_the_working_directory_relative_to_it() {
    assertThat(Shown.path(Path.of("").toAbsolutePath().resolve("a/b"))).isEqualTo("a/b");
    assertThat(Shown.path(Path.of("/elsewhere/a"))).isEqualTo("/elsewhere/a");
  }
}
