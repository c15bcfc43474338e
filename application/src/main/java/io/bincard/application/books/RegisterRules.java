package io.bincard.application.books;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.register.PolicyEvent;
import io.bincard.domain.register.PolicyRegister;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How the register of policies comes out of its events, and how its opening balance is written. */
final class RegisterRules implements StreamFold.Rules<PolicyRegister> {

  /** Stored: another shape of it needs another {@link PolicyRegister#FOLD_REVISION}. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  private record Balance(
      @Nullable PolicyFingerprint inForce,
      @Nullable PolicyFingerprint staged,
      Set<PolicyFingerprint> known) {}

  @Override
  public String revision() {
    return "policy-register/" + PolicyRegister.FOLD_REVISION;
  }

  @Override
  public PolicyRegister unborn() {
    return PolicyRegister.EMPTY;
  }

  @Override
  public PolicyRegister evolve(PolicyRegister register, Object event) {
    return register.evolve((PolicyEvent) event);
  }

  @Override
  public long sequence(PolicyRegister register) {
    return register.version();
  }

  @Override
  public String write(PolicyRegister register) {
    return LedgerJson.write(new Balance(register.inForce(), register.staged(), register.known()));
  }

  @Override
  public PolicyRegister read(long sequence, String json) {
    Balance balance = LedgerJson.read(json, Balance.class);
    return new PolicyRegister(sequence, balance.inForce(), balance.staged(), balance.known());
  }
}
