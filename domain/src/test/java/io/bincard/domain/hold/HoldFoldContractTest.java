package io.bincard.domain.hold;

import static io.bincard.domain.hold.HoldScenario.EAST;
import static io.bincard.domain.hold.HoldScenario.MUG;
import static io.bincard.domain.hold.HoldScenario.MUG_EAST;
import static io.bincard.domain.hold.HoldScenario.MUG_WEST;
import static io.bincard.domain.hold.HoldScenario.WEST;
import static io.bincard.domain.hold.HoldScenario.book;
import static io.bincard.domain.hold.HoldScenario.line;
import static io.bincard.domain.hold.HoldScenario.place;
import static io.bincard.domain.hold.HoldScenario.policy;
import static io.bincard.domain.hold.HoldScenario.register;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.domain.LedgerEvent;
import io.bincard.domain.hold.HoldCommand.ConfirmHold;
import io.bincard.domain.hold.HoldCommand.ExtendHold;
import io.bincard.domain.hold.HoldCommand.ReleaseHold;
import io.bincard.domain.hold.HoldCommand.Rest;
import io.bincard.domain.reservation.HoldId;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Quantity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Opening balances are states that {@link Hold#evolve} once came to. What it makes of one history
 * is promised here for each {@link Hold#FOLD_REVISION}.
 */
class HoldFoldContractTest {

  private static final int STEPS = 5_000;

  /** Only added to: if the fold means something new, it has a new number here. */
  private static final Map<Integer, String> PROMISED =
      Map.of(1, "9fa60f65b82a215951632b587021b553dc54a6eea35ea3cecd407ec0b8d5861c");

  private final Random random = new Random(20_261_201);

  @Test
  void the_fold_comes_to_the_states_that_its_revision_stands_for() throws Exception {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    Set<Class<?>> seen = new HashSet<>();
    Map<HoldId, Hold> holds = new HashMap<>();
    for (LedgerEvent event : aFixedHistory()) {
      if (event instanceof HoldEvent of) {
        Hold after = holds.getOrDefault(of.hold(), Hold.UNKNOWN).evolve(of);
        holds.put(of.hold(), after);
        seen.add(of.getClass());
        hash.update(after.toString().getBytes(StandardCharsets.UTF_8));
      }
    }

    assertThat(PROMISED.getOrDefault(Hold.FOLD_REVISION, "no promise yet"))
        .as("a fold with another meaning needs another Hold.FOLD_REVISION and a line here")
        .isEqualTo(HexFormat.of().formatHex(hash.digest()));
    assertThat(seen).containsExactlyInAnyOrder(HoldEvent.class.getPermittedSubclasses());
  }

  /** java.util.Random is the same on every machine. */
  private List<LedgerEvent> aFixedHistory() {
    HoldBook book = book();
    register(book, MUG_EAST, 1_000);
    register(book, MUG_WEST, Quantity.MAX);
    for (int step = 0; step < STEPS; step++) {
      book.now = book.now.plusMillis(random.nextInt(60_000));
      book.policy = random.nextInt(3) == 0 ? null : policy(null, null, null);
      HoldId id = new HoldId(new UUID(7, 1 + step - random.nextInt(Math.min(8, step + 1))));
      switch (random.nextInt(8)) {
        case 0 -> book.step(new ReleaseHold(id));
        case 1 -> book.step(new ExtendHold(id, 1 + random.nextInt(2_000)));
        case 2 -> book.step(new ConfirmHold(id, List.of(), Rest.KEEP));
        case 3 ->
            book.step(
                new ConfirmHold(
                    id,
                    List.of(line(MUG, location(), random.nextLong(1, 6))),
                    random.nextBoolean() ? Rest.KEEP : Rest.RELEASE));
        case 4 -> book.expire(id);
        default -> {
          if (book.hold(new HoldId(new UUID(7, step + 1))).status() == Hold.Status.UNKNOWN) {
            book.place(
                new HoldId(new UUID(7, step + 1)),
                random.nextBoolean()
                    ? place(line(MUG, location(), random.nextLong(1, 9)))
                    : place(
                        line(MUG, null, random.nextLong(1, 9), random.nextInt(1_000)),
                        line(MUG, location(), random.nextLong(1, 9), random.nextInt(1_000))));
          }
        }
      }
    }
    return book.journal;
  }

  private LocationId location() {
    return random.nextBoolean() ? EAST : WEST;
  }
}
