package io.bincard.reconciliation.books;

import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.repair.RepairLog.Outcome;
import io.bincard.reconciliation.repair.Repairs;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The books as a phase of a run: checked, written down, alarmed of, and the items that they name
 * frozen. What was written down is not checked again when another node goes on with the run; of
 * what was cut short before that nothing is kept.
 */
public final class BooksPhase {

  private static final Logger logger = LoggerFactory.getLogger(BooksPhase.class);

  private final BooksCheck check;
  private final BooksTable table;
  private final Repairs repairs;
  private final RepairLog log;
  private final BooksMetrics metrics;

  BooksPhase(
      BooksCheck check, BooksTable table, Repairs repairs, RepairLog log, BooksMetrics metrics) {
    this.check = check;
    this.table = table;
    this.repairs = repairs;
    this.log = log;
    this.metrics = metrics;
  }

  /**
   * Does this phase of {@code run}; empty if that is not {@code node}'s any more.
   *
   * @param apply whether items that are named are frozen
   * @param mayFreeze how many at most
   * @param step told of each rule before it is asked
   */
  public Optional<Doubts> work(
      UUID run, String node, boolean apply, int mayFreeze, Consumer<String> step)
      throws InterruptedException {
    BooksReport report = table.find(run).orElse(null);
    if (report == null) {
      report = check.run(rule -> step.accept(rule.word()));
      if (!table.save(run, node, report)) {
        return Optional.empty();
      }
      metrics.found(report);
      alarm(run, report);
    }
    int frozen = apply ? freeze(run, report, mayFreeze) : 0;
    return Optional.of(new Doubts(report.doubtedRows(), report.isCut(), frozen));
  }

  private static void alarm(UUID run, BooksReport report) {
    report
        .contradictions()
        .forEach(
            found ->
                logger
                    .atError()
                    .addKeyValue("run", run)
                    .addKeyValue("rule", found.rule().word())
                    .addKeyValue("place", found.place())
                    .addKeyValue("words", found.words())
                    .log("The journal contradicts itself"));
    if (report.isCut()) {
      logger
          .atError()
          .addKeyValue("run", run)
          .addKeyValue("contradictions", report.found())
          .addKeyValue("told", report.contradictions().size())
          .log("The journal contradicts itself in more places than are told");
    }
  }

  /** Returns how many items the run has frozen, those before it was cut short among them. */
  private int freeze(UUID run, BooksReport report, int most) throws InterruptedException {
    Map<String, Outcome> done = log.ofContradictions(run);
    int frozen = (int) done.values().stream().filter(each -> each == Outcome.FROZEN).count();
    for (Map.Entry<String, Contradiction> each : items(report).entrySet()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (!done.containsKey(each.getKey())) {
        Outcome outcome =
            repairs.freezeItem(
                run,
                each.getKey(),
                report.head(),
                words(each.getValue()),
                key(each.getValue()),
                frozen < most);
        frozen += outcome == Outcome.FROZEN ? 1 : 0;
      }
    }
    return frozen;
  }

  /** The rows of the items that are named, each with the first that names it. */
  private static Map<String, Contradiction> items(BooksReport report) {
    Map<String, Contradiction> items = new LinkedHashMap<>();
    report
        .contradictions()
        .forEach(each -> each.item().ifPresent(item -> items.putIfAbsent(item, each)));
    return items;
  }

  private static String words(Contradiction found) {
    return found.rule().word() + ": " + found.place() + " " + found.words();
  }

  /**
   * The same whichever run finds it, and however much is added to the stream: what is wrong in the
   * journal stays there, and a person who has looked and unfreezes the item is not overruled by the
   * next run.
   */
  private static String key(Contradiction found) {
    String what = found.rule().word() + ' ' + found.stream() + ' ' + found.place();
    return "reconciliation-books-" + UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8));
  }
}
