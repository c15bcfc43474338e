package io.bincard.projections.push.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.fixture.LedgerInMemory;
import io.bincard.projections.fixture.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RedirectTokensTest {

  private static final Duration VALID = Duration.ofSeconds(15);
  private static final StockItemId CUP = LedgerInMemory.item("CUP");
  private static final StockItemId POT = LedgerInMemory.item("POT");
  private static final byte[] STREAM = RedirectTokens.streamOf(List.of(CUP, POT));

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T12:00:00Z"));
  private final RedirectTokens first = node("a secret that all the nodes share");
  private final RedirectTokens second = node("a secret that all the nodes share");

  private RedirectTokens node(String secret) {
    return new RedirectTokens(UUID.randomUUID(), () -> secret.getBytes(UTF_8), VALID, clock);
  }

  @Test
  void another_node_takes_a_token_for_its_own_stream_in_whatever_order() {
    String token = first.issue(STREAM, 7);

    assertThat(second.accepts(token, RedirectTokens.streamOf(List.of(POT, CUP)))).isTrue();
    assertThat(second.unaccepted()).isZero();
  }

  @Test
  void the_node_that_issued_a_token_does_not_take_it() {
    assertThat(first.accepts(first.issue(STREAM, 7), STREAM)).isFalse();
    assertThat(first.unaccepted()).isEqualTo(1);
  }

  @Test
  void a_token_is_taken_once() {
    String token = first.issue(STREAM, 7);
    second.accepts(token, STREAM);

    assertThat(second.accepts(token, STREAM)).isFalse();
  }

  @Test
  void a_token_is_good_for_one_stream() {
    assertThat(second.accepts(first.issue(STREAM, 7), RedirectTokens.streamOf(List.of(CUP))))
        .isFalse();
  }

  @Test
  void a_token_is_good_until_its_time_is_over() {
    String early = first.issue(STREAM, 7);
    String late = first.issue(STREAM, 8);
    clock.move(VALID.minusMillis(1));
    assertThat(second.accepts(early, STREAM)).isTrue();
    clock.move(Duration.ofMillis(1));

    assertThat(second.accepts(late, STREAM)).isFalse();
  }

  @Test
  void a_token_that_would_be_good_for_longer_than_any_is_not_taken() {
    String token = first.issue(STREAM, 7);
    clock.move(Duration.ofMillis(-1));

    assertThat(second.accepts(token, STREAM)).isFalse();
  }

  @Test
  void a_node_with_another_secret_takes_nothing_and_one_without_gives_nothing() {
    assertThat(node("another secret").accepts(first.issue(STREAM, 7), STREAM)).isFalse();
    assertThat(node("").issue(STREAM, 7)).isEmpty();
    assertThat(node("").accepts(first.issue(STREAM, 7), STREAM)).isFalse();
  }

  @Test
  void no_bit_of_a_token_can_be_changed() {
    byte[] token = Base64.getUrlDecoder().decode(first.issue(STREAM, 7));
    for (int bit = 0; bit < token.length * 8; bit++) {
      byte[] forged = token.clone();
      forged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(second.accepts(Base64.getUrlEncoder().encodeToString(forged), STREAM)).isFalse();
    }
    assertThat(second.accepts(Base64.getUrlEncoder().encodeToString(token), STREAM)).isTrue();
  }

  @Test
  void whatever_is_no_token_is_not_taken_and_does_no_harm() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] noise = new byte[random.nextInt(300)];
      random.nextBytes(noise);
      assertThat(second.accepts(new String(noise, UTF_8), STREAM)).isFalse();
      assertThat(second.accepts(Base64.getUrlEncoder().encodeToString(noise), STREAM)).isFalse();
    }
  }
}
