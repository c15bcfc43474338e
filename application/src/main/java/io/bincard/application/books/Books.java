package io.bincard.application.books;

import static java.util.stream.Collectors.toSet;

import io.bincard.application.journal.JournalEngine;
import io.bincard.application.snapshots.SnapshotKeeper;
import io.bincard.application.snapshots.Snapshots;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.application.writer.CommitListener;
import io.bincard.application.writer.LiveStates;
import io.bincard.application.writer.Moved;
import io.bincard.application.writer.OpenBatch;
import io.bincard.application.writer.StreamStates;
import io.bincard.application.writer.Verdict;
import io.bincard.domain.cart.CustomerId;
import io.bincard.domain.catalog.DescribedSku;
import io.bincard.domain.discount.AccountId;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.OrderDiscount;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.policy.CampaignId;
import io.bincard.domain.register.PolicyRegister;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.reservation.Reservations;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItem;
import io.bincard.domain.stock.StockItemId;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;
import java.util.stream.Stream;
import org.axonframework.commandhandling.CommandMessage;
import org.jspecify.annotations.Nullable;

/** The states of stock items, holds, orders, accounts, SKUs and the register of policies. */
public final class Books implements CommitListener {

  /**
   * What a state takes of the heap with its key, its place in a linked hash map and the strings of
   * both: an estimate on the safe side, on HotSpot with compressed references.
   */
  private static final long ORDER_BYTES = 480;

  private static final long ACCOUNT_BYTES = 400;

  private static final long HOLD_BYTES = 400;

  private static final long HOLD_LINE_BYTES = 240;

  /** Of what is promised to one hold: a node 56, and the hold's id, which may be its own, 48. */
  static final long RESERVATION_BYTES = 104;

  /**
   * Of the register, which there is once: a fingerprint of every version that the ledger ever had.
   */
  private static final long REGISTER_BYTES = 1 << 20;

  /**
   * Parts of what stock items may take: most orders are touched once, and accounts are those of
   * campaigns and of customers.
   */
  private static final int SHARE_OF_ORDERS = 16;

  private static final int SHARE_OF_ACCOUNTS = 4;

  private static final int SHARE_OF_HOLDS = 4;

  private static final int SHARE_OF_SKUS = 8;

  private static final String ORDER_STREAM_PREFIX = "discount:";

  private final OpenBatch batch;
  private final Live<StockItemId, StockItem> items;
  private final Live<HoldId, Hold> holds;
  private final Live<OrderId, OrderDiscount> orders;
  private final Live<AccountId, CampaignAccount> accounts;
  private final Live<String, PolicyRegister> register;
  private final Live<Sku, DescribedSku> skus;

  /** What the folds need. */
  public record Source(
      JournalEngine journal,
      Snapshots snapshots,
      SnapshotKeeper keeper,
      int snapshotEvery,
      MeterRegistry meters) {}

  /**
   * @param limits of the states of stock items; all others together may take three quarters as much
   */
  public Books(Source source, OpenBatch batch, LiveStates.Limits limits) {
    this.batch = batch;
    items =
        live(
            "stock-item",
            source,
            new StockItemRules(),
            StockItemId::stream,
            StockItemRules::bytes,
            limits);
    holds =
        live(
            "hold",
            source,
            new HoldRules(),
            HoldId::stream,
            (id, hold) -> HOLD_BYTES + hold.lines().size() * HOLD_LINE_BYTES,
            limits.part(SHARE_OF_HOLDS));
    orders =
        live(
            "order-discount",
            source,
            new OrderDiscountRules(),
            Books::stream,
            (id, order) -> ORDER_BYTES,
            limits.part(SHARE_OF_ORDERS));
    accounts =
        live(
            "campaign-account",
            source,
            new AccountRules(),
            AccountId::stream,
            (id, account) -> ACCOUNT_BYTES + 2L * account.reservedUses().size() * RESERVATION_BYTES,
            limits.part(SHARE_OF_ACCOUNTS));
    register =
        live(
            "policy-register",
            source,
            new RegisterRules(),
            stream -> stream,
            (stream, state) -> REGISTER_BYTES,
            limits.part(SHARE_OF_ORDERS));
    skus =
        live(
            "sku",
            source,
            new SkuRules(),
            DescribedSku::stream,
            SkuRules::bytes,
            limits.part(SHARE_OF_SKUS));
  }

  private <K, S> Live<K, S> live(
      String kind,
      Source source,
      StreamFold.Rules<S> rules,
      Function<K, String> stream,
      ToLongBiFunction<K, S> bytes,
      LiveStates.Limits limits) {
    StreamStates<K, S> stored =
        new StreamStates<>(
            new StreamFold<>(
                source.journal(),
                source.snapshots(),
                source.keeper(),
                rules,
                source.snapshotEvery(),
                source.meters()),
            stream,
            rules.unborn(),
            bytes);
    return new Live<>(batch.states(kind, limits, stored, source.meters()), stored, kind);
  }

  /** The stream of the discounts of {@code orderId} in the journal. */
  public static String stream(OrderId orderId) {
    return ORDER_STREAM_PREFIX + orderId;
  }

  public Live<StockItemId, StockItem> items() {
    return items;
  }

  public Live<HoldId, Hold> holds() {
    return holds;
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

  public Live<Sku, DescribedSku> skus() {
    return skus;
  }

  /**
   * Reads what the ends of lapsed holds move that commands on stock will come upon, at once; as
   * many ends as one command may write down.
   *
   * @param units what they take of each item together
   */
  public void requireLapsed(Map<StockItemId, Long> units, Instant now) {
    Set<HoldId> lapsed = new LinkedHashSet<>();
    units.forEach(
        (id, wanted) -> {
          if (items.states().has(id)) {
            Reservations promised = items.get(id).reservations();
            long missing = Math.min(wanted, promised.lapsed(now));
            if (missing > 0) {
              promised.lapsed(now, missing).stream()
                  .limit(Posting.MOST_ENDS - lapsed.size())
                  .forEach(lapsed::add);
            }
          }
        });
    if (lapsed.isEmpty()) {
      return;
    }
    holds.states().require(lapsed);
    List<Hold> ending = lapsed.stream().filter(holds.states()::has).map(holds::get).toList();
    items
        .states()
        .require(
            ending.stream().flatMap(hold -> hold.lines().stream().map(Hold.Line::item)).toList());
    accounts.states().require(ending.stream().flatMap(Books::accountsOf).toList());
  }

  /** The accounts that pay for {@code hold}. */
  public static Stream<AccountId> accountsOf(Hold hold) {
    return accountsOf(
        hold.lines().stream().flatMap(line -> line.paid().keySet().stream()).collect(toSet()),
        hold.customer());
  }

  /** The accounts of {@code campaigns}, and those of {@code customer} with them. */
  public static Stream<AccountId> accountsOf(
      Set<CampaignId> campaigns, @Nullable CustomerId customer) {
    return campaigns.stream()
        .flatMap(
            campaign ->
                customer == null
                    ? Stream.of(new AccountId(campaign, null))
                    : Stream.of(new AccountId(campaign, null), new AccountId(campaign, customer)));
  }

  /** An empty posting for {@code cause}, a command that is decided on in the writer's thread. */
  public Posting post(CommandMessage<?> cause) {
    return new Posting(this, batch, cause);
  }

  @Override
  public void committed(Verdict verdict) {
    verdict.moved().forEach(Moved::committed);
  }
}
