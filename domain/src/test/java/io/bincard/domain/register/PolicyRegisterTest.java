package io.bincard.domain.register;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.bincard.domain.Decision;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.register.PolicyCommand.ActivatePolicy;
import io.bincard.domain.register.PolicyCommand.RejectPolicy;
import io.bincard.domain.register.PolicyCommand.StagePolicy;
import io.bincard.domain.register.PolicyCommand.UnstagePolicy;
import io.bincard.domain.register.PolicyEvent.PolicyActivated;
import io.bincard.domain.register.PolicyEvent.PolicyRejected;
import io.bincard.domain.register.PolicyEvent.PolicyStaged;
import io.bincard.domain.register.PolicyEvent.PolicyUnstaged;
import io.bincard.domain.register.PolicyRejection.NoPolicyStaged;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyInForce;
import io.bincard.domain.register.PolicyRejection.PolicyAlreadyStaged;
import io.bincard.domain.register.PolicyRejection.StaleRegisterVersion;
import io.bincard.domain.register.PolicyRejection.UnknownPolicy;
import io.bincard.domain.stock.ExpectedVersion;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PolicyRegisterTest {

  private static final PolicyFingerprint FIRST = new PolicyFingerprint("1".repeat(64));
  private static final PolicyFingerprint SECOND = new PolicyFingerprint("2".repeat(64));

  private PolicyRegister register = PolicyRegister.EMPTY;

  private void accepts(PolicyCommand command, PolicyEvent event) {
    assertThat(register.decide(command, ExpectedVersion.ANY)).isEqualTo(Decision.accept(event));
    register = register.evolve(event);
  }

  private void refuses(PolicyCommand command, PolicyRejection rejection) {
    assertThat(register.decide(command, ExpectedVersion.ANY)).isEqualTo(Decision.reject(rejection));
  }

  @Test
  void a_version_comes_into_force_with_its_content_and_names_the_one_before() {
    accepts(new ActivatePolicy(FIRST, "one"), new PolicyActivated(FIRST, null, "one"));
    accepts(new ActivatePolicy(SECOND, "two"), new PolicyActivated(SECOND, FIRST, "two"));

    assertThat(register).isEqualTo(new PolicyRegister(1, SECOND, null, Set.of(FIRST, SECOND)));
  }

  @Test
  void an_earlier_version_comes_back_without_its_content() {
    accepts(new ActivatePolicy(FIRST, "one"), new PolicyActivated(FIRST, null, "one"));
    accepts(new ActivatePolicy(SECOND, "two"), new PolicyActivated(SECOND, FIRST, "two"));

    accepts(new ActivatePolicy(FIRST, null), new PolicyActivated(FIRST, SECOND, null));
    accepts(new ActivatePolicy(SECOND, "two"), new PolicyActivated(SECOND, FIRST, null));
  }

  @Test
  void a_staged_version_leaves_the_one_in_force_alone_until_it_comes_into_force() {
    accepts(new ActivatePolicy(FIRST, "one"), new PolicyActivated(FIRST, null, "one"));
    accepts(new StagePolicy(SECOND, "two"), new PolicyStaged(SECOND, "two"));
    assertThat(register).isEqualTo(new PolicyRegister(1, FIRST, SECOND, Set.of(FIRST, SECOND)));

    accepts(new StagePolicy(FIRST, null), new PolicyStaged(FIRST, null));
    accepts(new StagePolicy(SECOND, null), new PolicyStaged(SECOND, null));
    accepts(new ActivatePolicy(SECOND, null), new PolicyActivated(SECOND, FIRST, null));
    assertThat(register.staged()).isNull();
    accepts(new StagePolicy(FIRST, null), new PolicyStaged(FIRST, null));
    accepts(new UnstagePolicy(), new PolicyUnstaged(FIRST));
    assertThat(register.staged()).isNull();
    assertThat(register.inForce()).isEqualTo(SECOND);
  }

  @Test
  void a_staged_version_is_for_canary_orders_and_without_one_they_are_as_all_others() {
    assertThat(register.versionFor(ReleaseStage.CANARY)).isNull();
    accepts(new ActivatePolicy(FIRST, "one"), new PolicyActivated(FIRST, null, "one"));
    assertThat(register.versionFor(ReleaseStage.CANARY)).isEqualTo(FIRST);
    accepts(new StagePolicy(SECOND, "two"), new PolicyStaged(SECOND, "two"));

    assertThat(register.versionFor(ReleaseStage.CANARY)).isEqualTo(SECOND);
    assertThat(register.versionFor(ReleaseStage.STABLE)).isEqualTo(FIRST);
  }

  @Test
  void a_staged_version_stays_so_when_another_one_comes_into_force() {
    accepts(new StagePolicy(SECOND, "two"), new PolicyStaged(SECOND, "two"));
    accepts(new ActivatePolicy(FIRST, "one"), new PolicyActivated(FIRST, null, "one"));

    assertThat(register.staged()).isEqualTo(SECOND);
  }

  @Test
  void a_refused_version_changes_nothing_and_is_remembered() {
    accepts(new ActivatePolicy(FIRST, "one"), new PolicyActivated(FIRST, null, "one"));
    accepts(new RejectPolicy(List.of("wrong")), new PolicyRejected(List.of("wrong")));

    assertThat(register).isEqualTo(new PolicyRegister(1, FIRST, null, Set.of(FIRST)));
    assertThat(new RejectPolicy(Collections.nCopies(101, "wrong")).errors()).hasSize(100);
  }

  @Test
  void a_refusal_says_why() {
    assertThatExceptionOfType(InvalidValueException.class)
        .isThrownBy(() -> new RejectPolicy(List.of()))
        .withMessage("a refusal must say at least one error");
  }

  @Test
  void knows_thousands_of_versions_in_the_order_in_which_they_came() {
    List<PolicyFingerprint> versions =
        IntStream.range(0, 5_000)
            .mapToObj(i -> new PolicyFingerprint("%064x".formatted(i)))
            .toList();
    PolicyRegister early = register;
    for (PolicyFingerprint version : versions) {
      register = register.evolve(new PolicyActivated(version, null, null));
      early = register.version() == 2_999 ? register : early;
    }
    register = register.evolve(new PolicyStaged(versions.getFirst(), null));

    assertThat(register.known()).containsExactlyElementsOf(versions);
    assertThat(register.known()).isEqualTo(new HashSet<>(versions)).contains(versions.getLast());
    assertThat(register.known()).doesNotContain(FIRST);
    assertThat(early.known()).containsExactlyElementsOf(versions.subList(0, 3_000));
    assertThat(early.evolve(new PolicyStaged(FIRST, null)).known())
        .hasSize(3_001)
        .endsWith(versions.get(2_999), FIRST);
    assertThat(new PolicyRegister(7, null, null, register.known()).known())
        .isSameAs(register.known());
    assertThatExceptionOfType(UnsupportedOperationException.class)
        .isThrownBy(() -> register.known().clear());
  }

  @Test
  void refuses_a_version_that_it_does_not_have() {
    refuses(new ActivatePolicy(FIRST, null), new UnknownPolicy(FIRST));
    refuses(new StagePolicy(FIRST, null), new UnknownPolicy(FIRST));
  }

  @Test
  void refuses_what_is_so_already() {
    accepts(new ActivatePolicy(FIRST, "one"), new PolicyActivated(FIRST, null, "one"));
    refuses(new ActivatePolicy(FIRST, "one"), new PolicyAlreadyInForce(FIRST));
    accepts(new StagePolicy(FIRST, null), new PolicyStaged(FIRST, null));
    refuses(new StagePolicy(FIRST, "one"), new PolicyAlreadyStaged(FIRST));
    accepts(new UnstagePolicy(), new PolicyUnstaged(FIRST));
    refuses(new UnstagePolicy(), new NoPolicyStaged());
  }

  @Test
  void refuses_what_was_decided_on_another_version_of_the_register() {
    assertThat(register.decide(new ActivatePolicy(FIRST, null), new ExpectedVersion.Exactly(0)))
        .isEqualTo(Decision.reject(new StaleRegisterVersion(0, -1)));
    assertThat(register.decide(new UnstagePolicy(), new ExpectedVersion.Exactly(-1)))
        .isEqualTo(Decision.reject(new NoPolicyStaged()));
  }
}
