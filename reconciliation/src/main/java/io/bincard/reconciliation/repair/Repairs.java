package io.bincard.reconciliation.repair;

import io.bincard.domain.stock.Reason;
import io.bincard.domain.stock.StockFreezes;
import io.bincard.domain.stock.StockItemId;
import io.bincard.domain.stock.StockItems;
import io.bincard.reconciliation.comparison.Discrepancy;
import io.bincard.reconciliation.comparison.Discrepancy.Kind;
import io.bincard.reconciliation.expected.ExpectedRow;
import io.bincard.reconciliation.repair.LedgersWord.Word;
import io.bincard.reconciliation.repair.RepairLog.Outcome;
import io.bincard.reconciliation.stored.FoundRow;
import io.bincard.reconciliation.stored.Mark;
import io.bincard.reconciliation.stored.StoredViews;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts single rows right. What is to be done is written down before it is done, and what became of
 * it afterwards: an entry that was begun and has no end is of a run that was killed between.
 */
public final class Repairs {

  private static final Logger logger = LoggerFactory.getLogger(Repairs.class);

  private static final Pattern OF_VIEWS =
      Pattern.compile("(availability|hold|sku|no-row):.*", Pattern.DOTALL);

  private static final String AS_MANY_AS_MAY_BE = "as many are frozen as may be";

  private final StoredViews views;
  private final RepairLog log;
  private final LedgersWord ledger;
  private final StockFreezes freezes;

  public Repairs(StoredViews views, RepairLog log, StockItems ledger, StockFreezes freezes) {
    this.views = views;
    this.log = log;
    this.ledger = new LedgersWord(ledger);
    this.freezes = freezes;
  }

  /**
   * Writes down that a row differs. Returns it as it was written down: as a disagreement of the
   * folds, if the ledger does not say what is expected.
   */
  public Discrepancy found(UUID run, Mark mark, Discrepancy discrepancy) {
    boolean disagree = ledger.on(discrepancy.key(), discrepancy.expected()) == Word.DISAGREES;
    Discrepancy found = disagree ? disagreement(discrepancy) : discrepancy;
    log.add(run, found, mark, Outcome.FOUND, found.cause());
    if (disagree) {
      logger
          .atError()
          .addKeyValue("run", run)
          .addKeyValue("key", found.key())
          .log("The ledger's own state of an item and reconciliation's fold do not agree");
    }
    return found;
  }

  /** How many rows runs of {@code askedBy} have found to differ for so long. */
  public long foundWithin(String askedBy, Duration time) {
    return log.foundWithin(askedBy, time);
  }

  /** Writes down that a row that differed is not touched. */
  public void leave(UUID run, Mark mark, String key, Kind kind, String why) {
    passOver(run, mark, unread(key, kind), Outcome.LEFT, why);
  }

  /** Writes down that a row that differed does so no more, or cannot be told to. */
  public void notAgain(UUID run, Mark mark, String key, Kind kind, Outcome outcome) {
    log.add(run, unread(key, kind), mark, outcome, null);
  }

  private static Discrepancy unread(String key, Kind kind) {
    return new Discrepancy(key, kind, null, new FoundRow(key, Map.of()), null);
  }

  /** Writes everything down at once that {@code entries} writes down, or nothing of it. */
  public void together(Runnable entries) {
    log.together(entries);
  }

  /**
   * Puts rows right that were just seen to differ; freezes their items where the ledger disagrees.
   * Returns how many items it froze.
   *
   * @param mayMend whether rows may be put right, or the fuse is blown
   * @param mayFreeze items that may be frozen still
   */
  public int repair(
      UUID run, Mark mark, List<Discrepancy> differing, boolean mayMend, int mayFreeze) {
    List<Discrepancy> begun = new ArrayList<>();
    List<Discrepancy> doubtful = new ArrayList<>();
    log.together(
        () -> {
          for (Discrepancy each : differing) {
            switch (ledger.on(each.key(), each.expected())) {
              case OF_ANOTHER_MOMENT ->
                  passOver(run, mark, each, Outcome.UNSETTLED, "the ledger is further");
              case DISAGREES -> doubtful.add(disagreement(each));
              case AGREES -> begin(run, mark, each, mayMend, begun);
            }
          }
        });
    Map<Discrepancy, Outcome> outcomes = new LinkedHashMap<>();
    begun.forEach(each -> outcomes.put(each, mend(mark, each)));
    log.together(
        () -> outcomes.forEach((each, end) -> log.add(run, each, mark, end, each.cause())));
    int frozen = 0;
    for (Discrepancy each : doubtful) {
      frozen += freeze(run, mark, each, frozen < mayFreeze) == Outcome.FROZEN ? 1 : 0;
    }
    return frozen;
  }

  private Outcome passOver(
      UUID run, Mark mark, Discrepancy discrepancy, Outcome outcome, String why) {
    log.add(run, discrepancy, mark, outcome, why);
    return outcome;
  }

  private static Discrepancy disagreement(Discrepancy discrepancy) {
    return new Discrepancy(
        discrepancy.key(),
        Kind.FOLDS_DISAGREE,
        discrepancy.expected(),
        discrepancy.found(),
        "the ledger and reconciliation's fold do not say the same");
  }

  private void begin(
      UUID run, Mark mark, Discrepancy discrepancy, boolean mayMend, List<Discrepancy> begun) {
    if (!mayMend) {
      passOver(run, mark, discrepancy, Outcome.LEFT, "the fuse is blown");
    } else if (!OF_VIEWS.matcher(discrepancy.key()).matches()) {
      passOver(run, mark, discrepancy, Outcome.LEFT, "a row of no view");
    } else {
      log.add(run, discrepancy, mark, Outcome.BEGUN, discrepancy.cause());
      begun.add(discrepancy);
    }
  }

  private Outcome mend(Mark mark, Discrepancy discrepancy) {
    return switch (views.mend(
        mark,
        discrepancy.key(),
        discrepancy.found().version(),
        discrepancy.strays(),
        discrepancy.expected())) {
      case DONE -> Outcome.REPAIRED;
      case OVERTAKEN, NOT_LIVE -> Outcome.OVERTAKEN;
    };
  }

  private Outcome freeze(UUID run, Mark mark, Discrepancy discrepancy, boolean mayFreeze) {
    Optional<StockItemId> item = LedgersWord.item(discrepancy.key());
    if (item.isEmpty() || !mayFreeze) {
      return passOver(run, mark, discrepancy, Outcome.LEFT, AS_MANY_AS_MAY_BE);
    }
    log.add(run, discrepancy, mark, Outcome.BEGUN, discrepancy.cause());
    Outcome outcome =
        freeze(run, item.get(), "two folds of the journal do not agree", key(discrepancy));
    log.add(run, discrepancy, mark, outcome, discrepancy.cause());
    return outcome;
  }

  /**
   * Freezes an item that the journal contradicts itself about.
   *
   * @param row the key of its row
   * @param position of the ledger
   * @param why in words
   * @param key stands for this freeze
   * @param mayFreeze whether items may be frozen still
   */
  public Outcome freezeItem(
      UUID run, String row, long position, String why, String key, boolean mayFreeze) {
    Optional<StockItemId> item = LedgersWord.item(row);
    if (item.isEmpty() || !mayFreeze) {
      String cause = item.isEmpty() ? "no item can be called so" : AS_MANY_AS_MAY_BE;
      log.addContradiction(run, row, position, Outcome.LEFT, cause);
      return Outcome.LEFT;
    }
    log.addContradiction(run, row, position, Outcome.BEGUN, why);
    Outcome outcome = freeze(run, item.get(), "the journal contradicts itself", key);
    log.addContradiction(run, row, position, outcome, why);
    return outcome;
  }

  private Outcome freeze(UUID run, StockItemId item, String why, String key) {
    boolean frozen = freezes.freeze(item, new Reason("Reconciliation: " + why), key);
    logger
        .atError()
        .addKeyValue("run", run)
        .addKeyValue("item", item)
        .addKeyValue("frozen", frozen)
        .log("An item is not to be trusted and was to be frozen");
    return frozen ? Outcome.FROZEN : Outcome.LEFT;
  }

  /** The same for the same item at the same version, whoever finds it. */
  private static String key(Discrepancy discrepancy) {
    ExpectedRow expected = discrepancy.expected();
    String what = discrepancy.key() + ' ' + (expected == null ? -1 : expected.version());
    return "reconciliation-freeze-" + UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8));
  }
}
