package io.bincard.projections.push.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.projections.fixture.Projector;
import io.bincard.projections.fixture.RedisProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the nodes of a ledger sign with, shared by a real Redis. */
class SharedSecretIT {

  @TempDir static Path folder;
  private static RedisProcess redis;

  /** Questions to Redis that were not put yet. */
  private final List<Runnable> questions = new ArrayList<>();

  @BeforeAll
  static void start() {
    redis = RedisProcess.start(folder);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void empty() {
    redis.empty();
  }

  private static SharedSecret secret(String configured, String ledger, Executor asking) {
    return new SharedSecret(configured, ledger, redis.connections(), asking);
  }

  private void ask() {
    List.copyOf(questions).forEach(Runnable::run);
    questions.clear();
  }

  @Test
  void nodes_of_one_ledger_share_what_the_first_one_left_and_others_have_another() {
    SharedSecret first = secret("", "main", questions::add);
    SharedSecret second = secret("", "main", questions::add);
    SharedSecret foreign = secret("", "other", questions::add);
    for (SharedSecret each : List.of(first, second, foreign)) {
      assertThat(each.get()).as("not known, and nobody waits").isEmpty();
    }
    ask();

    assertThat(first.get()).hasSize(32).isEqualTo(second.get()).isNotEqualTo(foreign.get());
  }

  @Test
  void what_is_set_is_used_and_redis_is_not_asked() {
    SharedSecret set = secret("0123456789abcdef0123456789abcdef", "main", questions::add);

    assertThat(set.get()).isEqualTo("0123456789abcdef0123456789abcdef".getBytes(UTF_8));
    assertThat(questions).isEmpty();
  }

  @Test
  void redis_is_asked_once_at_a_time_and_again_when_it_was_away() {
    SharedSecret secret = secret("", "main", questions::add);
    redis.kill();
    try {
      assertThat(secret.get()).isEmpty();
      assertThat(secret.get()).isEmpty();
      assertThat(questions).hasSize(1);
      ask();
      assertThat(secret.get()).isEmpty();
    } finally {
      redis.restart();
    }
    Projector.await() // connections to the Redis before may be asked first
        .until(
            () -> {
              ask();
              return secret.get().length == 32;
            });
  }

  @Test
  void who_is_given_the_secret_cannot_change_it() {
    SharedSecret secret = secret("0123456789abcdef0123456789abcdef", "main", questions::add);
    secret.get()[0] = 0;

    assertThat(secret.get()[0]).isEqualTo((byte) '0');
  }
}
