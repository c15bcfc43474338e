package io.bincard.application.discount;

import io.bincard.application.discount.DiscountDecider.Live;
import io.bincard.application.journal.JournalEngine;
import io.bincard.application.snapshots.SnapshotKeeper;
import io.bincard.application.snapshots.Snapshots;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.LiveStates;
import io.bincard.application.writer.OpenBatch;
import io.bincard.application.writer.StreamStates;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.OrderDiscount;
import io.bincard.domain.register.PolicyRegister;
import io.bincard.domain.stock.OrderId;
import io.micrometer.core.instrument.MeterRegistry;

/** The states of orders, accounts and the register: in the writer's memory, and in the journal. */
public final class DiscountStates implements CommitListener {

  /**
   * What a state takes of the heap with its key, its place in a linked hash map and the strings of
   * both: an estimate on the safe side, on HotSpot with compressed references.
   */
  private static final long ORDER_BYTES = 480;

  private static final long ACCOUNT_BYTES = 400;

  /**
   * Of the register, which there is once: a fingerprint of every version that the ledger ever had.
   */
  private static final long REGISTER_BYTES = 1 << 20;

  private final Live<OrderId, OrderDiscount> orders;
  private final Live<AccountId, CampaignAccount> accounts;
  private final Live<String, PolicyRegister> register;

  /**
   * Parts of what may stay in memory: most orders are touched once, and accounts are those of
   * campaigns and of customers.
   */
  private static final int SHARE_OF_ORDERS = 16;

  private static final int SHARE_OF_ACCOUNTS = 4;

  /** What the folds need. */
  public record Source(
      JournalEngine journal,
      Snapshots snapshots,
      SnapshotKeeper keeper,
      int snapshotEvery,
      MeterRegistry meters) {

    private <S> StreamFold<S> fold(StreamFold.Rules<S> rules) {
      return new StreamFold<>(journal, snapshots, keeper, rules, snapshotEvery, meters);
    }
  }

  /**
   * @param limits of the states of stock; those of discounts may take three eighths as much
   */
  public DiscountStates(Source source, OpenBatch batch, LiveStates.Limits limits) {
    orders =
        live(
            "order-discount",
            new StreamStates<>(
                source.fold(new OrderDiscountRules()),
                DiscountDecider::stream,
                OrderDiscount.UNKNOWN,
                id -> ORDER_BYTES),
            source,
            batch,
            limits.part(SHARE_OF_ORDERS));
    accounts =
        live(
            "campaign-account",
            new StreamStates<>(
                source.fold(new AccountRules()),
                AccountId::stream,
                CampaignAccount.UNTOUCHED,
                id -> ACCOUNT_BYTES),
            source,
            batch,
            limits.part(SHARE_OF_ACCOUNTS));
    register =
        live(
            "policy-register",
            new StreamStates<>(
                source.fold(new RegisterRules()),
                stream -> stream,
                PolicyRegister.EMPTY,
                stream -> REGISTER_BYTES),
            source,
            batch,
            limits.part(SHARE_OF_ORDERS));
  }

  private static <K, S> Live<K, S> live(
      String kind,
      StreamStates<K, S> stored,
      Source source,
      OpenBatch batch,
      LiveStates.Limits limits) {
    return new Live<>(batch.states(kind, limits, stored, source.meters()), stored);
  }

  public Live<OrderId, OrderDiscount> orders() {
    return orders;
  }

  public Live<AccountId, CampaignAccount> accounts() {
    return accounts;
  }

  public Live<String, PolicyRegister> register() {
    return register;
  }

  /** The account {@code id} as the journal has it; for any thread. */
  public CampaignAccount account(AccountId id) {
    return accounts.stored().load(id);
  }

  @Override
  public void committed(Verdict verdict) {
    switch (verdict) {
      case DiscountTaken taken -> taken.moved().forEach(Moved::committed);
      case PolicyTaken taken -> taken.moved().committed();
      default -> {}
    }
  }
}
