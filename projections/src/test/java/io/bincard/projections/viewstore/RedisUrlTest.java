package io.bincard.projections.viewstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedisUrlTest {

  @Test
  void reads_host_and_port() {
    assertThat(RedisUrl.parse("redis://cache:7000"))
        .isEqualTo(new RedisUrl(false, "cache", 7000, null, null, 0));
  }

  @Test
  void takes_the_usual_port_and_database() {
    assertThat(RedisUrl.parse("redis://cache/"))
        .isEqualTo(new RedisUrl(false, "cache", 6379, null, null, 0));
  }

  @Test
  void reads_encryption_credentials_and_database() {
    assertThat(RedisUrl.parse("rediss://bin:p%40ss+1@cache:7000/2"))
        .isEqualTo(new RedisUrl(true, "cache", 7000, "bin", "p@ss+1", 2));
  }

  @ParameterizedTest
  @ValueSource(strings = {"redis://secret@cache", "redis://:secret@cache"})
  void reads_a_password_without_a_user(String url) {
    RedisUrl address = RedisUrl.parse(url);

    assertThat(address.username()).isNull();
    assertThat(address.password()).isEqualTo("secret");
  }

  @Test
  void keeps_the_password_out_of_logs() {
    assertThat(RedisUrl.parse("redis://:secret@cache")).hasToString("cache:6379");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "cache:6379",
        "http://secret@cache",
        "redis://",
        "redis://secret@cache/x",
        "redis://a b"
      })
  void refuses_what_is_no_address_without_repeating_it(String url) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RedisUrl.parse(url))
        .withMessageContaining("redis[s]://")
        .withNoCause()
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }
}
