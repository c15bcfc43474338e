package io.bincard.domain.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.stock.ExpectedVersion;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Opening balances are states that {@link PolicyRegister#evolve} once came to. What it makes of one
 * history is promised here for each {@link PolicyRegister#FOLD_REVISION}.
 */
class PolicyRegisterFoldContractTest {

  private static final int EVENTS = 2_000;
  private static final int VERSIONS = 50;

  /** Only added to: if the fold means something new, it has a new number here. */
  private static final Map<Integer, String> PROMISED =
      Map.of(1, "176777e1295081ee0bbc7669733d30190648f0331cf16a35e1527595dbe31a68");

  private final Set<Class<?>> seen = new HashSet<>();

  @Test
  void the_fold_comes_to_the_states_that_its_revision_stands_for() throws Exception {
    String states = statesOfAFixedHistory();

    assertThat(PROMISED.getOrDefault(PolicyRegister.FOLD_REVISION, "no promise yet"))
        .as(
            "a fold with another meaning needs another PolicyRegister.FOLD_REVISION and a line here")
        .isEqualTo(states);
    assertThat(seen).containsExactlyInAnyOrder(PolicyEvent.class.getPermittedSubclasses());
  }

  /** A hash of every state on the way; java.util.Random is the same on every machine. */
  private String statesOfAFixedHistory() throws NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    Random random = new Random(20_261_122);
    PolicyRegister register = PolicyRegister.EMPTY;
    for (int taken = 0; taken < EVENTS; ) {
      if (register.decide(command(random), ExpectedVersion.ANY)
          instanceof Decision.Accepted<PolicyEvent, PolicyRejection>(var events)) {
        for (PolicyEvent event : events) {
          register = register.evolve(event);
          seen.add(event.getClass());
          hash.update(register.toString().getBytes(StandardCharsets.UTF_8));
          taken++;
        }
      }
    }
    return HexFormat.of().formatHex(hash.digest());
  }

  private static PolicyCommand command(Random random) {
    PolicyFingerprint version = new PolicyFingerprint("%064x".formatted(random.nextInt(VERSIONS)));
    String content = random.nextBoolean() ? "{}" : null;
    return switch (random.nextInt(6)) {
      case 0, 1 -> new PolicyCommand.ActivatePolicy(version, content);
      case 2, 3 -> new PolicyCommand.StagePolicy(version, content);
      case 4 -> new PolicyCommand.UnstagePolicy();
      default -> new PolicyCommand.RejectPolicy(List.of("wrong"));
    };
  }
}
