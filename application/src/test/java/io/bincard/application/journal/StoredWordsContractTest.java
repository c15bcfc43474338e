package io.bincard.application.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.Approved;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.discount.DiscountEvent.DiscountApplied;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.money.Money;
import io.bincard.domain.policy.PolicyFingerprint;
import io.bincard.domain.policy.ReleaseStage;
import io.bincard.domain.policy.RuleId;
import io.bincard.domain.pricing.LostRule;
import io.bincard.domain.pricing.LostRule.Reason;
import io.bincard.domain.pricing.PricedLine;
import io.bincard.domain.pricing.PricedOrder;
import io.bincard.domain.stock.OrderId;
import io.bincard.domain.stock.Quantity;
import io.bincard.domain.stock.Sku;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The names of constants that events hold are stored for ever, each one approved by hand. */
class StoredWordsContractTest {

  private static final Approved APPROVED = new Approved("words");
  private static final JournalSerializer SERIALIZER = new JournalSerializer();

  /** A price for {@code stage} that every rule lost, each for its own reason. */
  private static DiscountApplied applied(ReleaseStage stage) {
    List<LostRule> lost =
        Stream.of(Reason.values())
            .map(reason -> new LostRule(new RuleId("r"), reason, null))
            .toList();
    CartLine line =
        new CartLine(
            new Sku("A"), new Quantity(1), new Money(100, new CurrencyCode("GBP")), null, Set.of());
    return new DiscountApplied(
        new OrderId("order-1"),
        new PolicyFingerprint("1".repeat(64)),
        OffsetDateTime.parse("2026-07-01T12:30:15+01:00"),
        null,
        Set.of(),
        Set.of(),
        new PricedOrder(List.of(new PricedLine(line, List.of(), lost)), lost),
        stage);
  }

  private static String file(ReleaseStage stage) {
    return "discount-applied-1-" + stage.name().toLowerCase(Locale.ROOT) + ".json";
  }

  @ParameterizedTest
  @EnumSource
  void writes_the_approved_words(ReleaseStage stage) {
    APPROVED.check(file(stage), SERIALIZER.serialize(applied(stage), String.class).getData());
  }

  /** Words of holds, in their events, their opening balances and what callers are told. */
  @ParameterizedTest
  @ValueSource(classes = {Hold.Status.class, Rest.class})
  void writes_and_reads_the_approved_words_of_holds(Class<? extends Enum<?>> words) {
    String file = "hold-" + words.getSimpleName().toLowerCase(Locale.ROOT) + ".json";
    Enum<?>[] all = words.getEnumConstants();

    APPROVED.check(file, LedgerJson.write(all));
    assertThat(LedgerJson.read(APPROVED.text(file), all.getClass())).isEqualTo(all);
  }

  @ParameterizedTest
  @EnumSource
  void reads_the_approved_words(ReleaseStage stage) {
    SerializedObject<String> stored = SERIALIZER.serialize(applied(stage), String.class);

    Object read =
        SERIALIZER.deserialize(
            new SimpleSerializedObject<>(
                APPROVED.text(file(stage)),
                String.class,
                new SimpleSerializedType(
                    stored.getType().getName(), stored.getType().getRevision())));

    assertThat(read).isEqualTo(applied(stage));
  }
}
