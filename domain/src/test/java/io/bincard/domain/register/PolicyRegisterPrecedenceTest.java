package io.bincard.domain.register;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.Decision;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.register.PolicyCommand.ActivatePolicy;
import io.bincard.domain.register.PolicyCommand.RejectPolicy;
import io.bincard.domain.register.PolicyCommand.StagePolicy;
import io.bincard.domain.register.PolicyCommand.UnstagePolicy;
import io.bincard.domain.register.PolicyRejection.NoPolicyStaged;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyInForce;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyStaged;
import io.bincard.domain.register.PolicyRejection.StaleRegisterVersion;
import io.bincard.domain.register.PolicyRejection.UnknownPolicy;
import io.bincard.domain.stock.ExpectedVersion;
import io.bincard.domain.stock.ExpectedVersion.Exactly;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which rule is named when a command breaks several: the first in the order of {@link
 * PolicyRejection}.
 */
class PolicyRegisterPrecedenceTest {

  private static final ExpectedVersion ANY = ExpectedVersion.ANY;
  private static final ExpectedVersion STALE = new Exactly(3);
  private static final PolicyFingerprint A = new PolicyFingerprint("a".repeat(64));
  private static final PolicyFingerprint B = new PolicyFingerprint("b".repeat(64));

  /** Version 4 with A in force, and with B tried out. */
  private static final PolicyRegister BOTH = new PolicyRegister(4, A, B, Set.of(A, B));

  private record Broken(
      PolicyRegister register,
      PolicyCommand command,
      ExpectedVersion expected,
      PolicyRejection rejection) {

    @Override
    public String toString() {
      return rejection.getClass().getSimpleName() + " by " + command.getClass().getSimpleName();
    }
  }

  /** One broken rule of each kind, in the order that is promised. */
  static Stream<Broken> everyRejectionInItsOrder() {
    PolicyRegister empty = PolicyRegister.EMPTY;
    return Stream.of(
        new Broken(BOTH, new UnstagePolicy(), STALE, new StaleRegisterVersion(3, 4)),
        new Broken(empty, new ActivatePolicy(A, null), ANY, new UnknownPolicy(A)),
        new Broken(BOTH, new ActivatePolicy(A, null), ANY, new PolicyAlreadyInForce(A)),
        new Broken(BOTH, new StagePolicy(B, null), ANY, new PolicyAlreadyStaged(B)),
        new Broken(empty, new UnstagePolicy(), ANY, new NoPolicyStaged()));
  }

  @ParameterizedTest
  @MethodSource("everyRejectionInItsOrder")
  void every_rule_refuses_alone_and_behind_an_older_version_not_at_all(Broken broken) {
    assertThat(broken.register().decide(broken.command(), broken.expected()))
        .isEqualTo(Decision.reject(broken.rejection()));
    assertThat(broken.register().decide(broken.command(), STALE))
        .isEqualTo(Decision.reject(new StaleRegisterVersion(3, broken.register().version())));
  }

  @Test
  void the_table_holds_every_rejection_in_the_documented_order() {
    assertThat(everyRejectionInItsOrder().<Class<?>>map(it -> it.rejection().getClass()).toList())
        .isEqualTo(documentedOrder());
  }

  /** Every command on every register that there can be with two versions. */
  @Test
  void the_first_broken_rule_is_named_all_over_the_grid() {
    int refused = 0;
    int accepted = 0;
    for (PolicyRegister register : gridOfRegisters()) {
      for (PolicyCommand command : gridOfCommands()) {
        for (ExpectedVersion expected : List.of(ANY, STALE, new Exactly(4))) {
          List<Class<?>> broken =
              documentedOrder().stream()
                  .filter(rule -> breaks(rule, register, command, expected))
                  .toList();
          Decision<PolicyEvent, PolicyRejection> decision = register.decide(command, expected);
          if (broken.isEmpty()) {
            accepted++;
            assertThat(decision)
                .as("%s on %s expecting %s", command, register, expected)
                .isInstanceOf(Decision.Accepted.class);
          } else {
            refused++;
            assertThat(decision)
                .as("%s on %s expecting %s", command, register, expected)
                .isInstanceOfSatisfying(
                    Decision.Rejected.class,
                    it -> assertThat(it.rejection()).isExactlyInstanceOf(broken.getFirst()));
          }
        }
      }
    }
    assertThat(accepted).isGreaterThan(50);
    assertThat(refused).isGreaterThan(50);
  }

  private static boolean breaks(
      Class<?> rule, PolicyRegister register, PolicyCommand command, ExpectedVersion expected) {
    if (rule == StaleRegisterVersion.class) {
      return expected instanceof Exactly exactly && exactly.version() != register.version();
    }
    if (rule == UnknownPolicy.class) {
      return switch (command) {
        case ActivatePolicy c -> c.content() == null && !register.known().contains(c.fingerprint());
        case StagePolicy c -> c.content() == null && !register.known().contains(c.fingerprint());
        case UnstagePolicy _, RejectPolicy _ -> false;
      };
    }
    if (rule == PolicyAlreadyInForce.class) {
      return command instanceof ActivatePolicy c && c.fingerprint().equals(register.inForce());
    }
    if (rule == PolicyAlreadyStaged.class) {
      return command instanceof StagePolicy c && c.fingerprint().equals(register.staged());
    }
    if (rule == NoPolicyStaged.class) {
      return command instanceof UnstagePolicy && register.staged() == null;
    }
    throw new AssertionError("no rule is told here for " + rule);
  }

  private static List<PolicyRegister> gridOfRegisters() {
    List<PolicyRegister> registers = new ArrayList<>(List.of(PolicyRegister.EMPTY, BOTH));
    for (PolicyFingerprint one : List.of(A, B)) {
      registers.add(new PolicyRegister(4, one, null, Set.of(one)));
      registers.add(new PolicyRegister(4, null, one, Set.of(one)));
      registers.add(new PolicyRegister(4, one, one, Set.of(one)));
      registers.add(new PolicyRegister(4, one, null, Set.of(A, B)));
    }
    return registers;
  }

  private static List<PolicyCommand> gridOfCommands() {
    List<PolicyCommand> commands =
        new ArrayList<>(List.of(new UnstagePolicy(), new RejectPolicy(List.of("wrong"))));
    for (PolicyFingerprint one : List.of(A, B)) {
      commands.add(new ActivatePolicy(one, null));
      commands.add(new ActivatePolicy(one, "{}"));
      commands.add(new StagePolicy(one, null));
      commands.add(new StagePolicy(one, "{}"));
    }
    return commands;
  }

  private static List<Class<?>> documentedOrder() {
    return List.of(PolicyRejection.class.getPermittedSubclasses());
  }
}
