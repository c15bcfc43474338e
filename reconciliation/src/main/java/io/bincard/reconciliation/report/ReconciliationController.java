package io.bincard.reconciliation.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.reconciliation.books.BooksTable;
import io.bincard.reconciliation.repair.Fuse;
import io.bincard.reconciliation.repair.Fuse.Blown;
import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.repair.RepairLog.Entry;
import io.bincard.reconciliation.sweep.Run;
import io.bincard.reconciliation.sweep.RunTable;
import io.bincard.reconciliation.sweep.Sweeps;
import io.bincard.reconciliation.sweep.Sweeps.Begun;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The routes below {@code /v1/reconciliation}. */
@RestController
@RequestMapping("/v1/reconciliation")
final class ReconciliationController {

  private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);
  private static final int MOST = 1_000;
  private static final String SOME = "100";

  private final Sweeps sweeps;
  private final RunTable runs;
  private final BooksTable books;
  private final RepairLog log;
  private final Fuse fuse;

  ReconciliationController(
      Sweeps sweeps, RunTable runs, BooksTable books, RepairLog log, Fuse fuse) {
    this.sweeps = sweeps;
    this.runs = runs;
    this.books = books;
    this.log = log;
    this.fuse = fuse;
  }

  /**
   * What the fuse is told to be.
   *
   * @param state why it is blown, {@code null} while it is whole
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ToldFuse(boolean blown, @Nullable Blown state) {}

  /**
   * Entries of the log of repairs, the newest first.
   *
   * @param next what to ask {@code before} with for those after them, {@code null} for none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Entries(List<Entry> entries, @Nullable Long next) {}

  @PostMapping(
      path = "/runs",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ToldRun> begin(HttpServletRequest request) throws IOException {
    allowOnly(request, Set.of());
    RunRequest wanted = RunRequest.of(request.getInputStream());
    return switch (asked(() -> sweeps.begin(wanted.parts(), wanted.apply()))) {
      case Begun.Yes begun ->
          ResponseEntity.accepted()
              .location(URI.create("/v1/reconciliation/runs/" + begun.run().id()))
              .body(inList(begun.run()));
      case Begun.OneIsUnderWay _ -> throw ReconciliationProblem.runUnderWay();
      case Begun.FuseIsBlown blown -> throw ReconciliationProblem.fuseBlown(blown.run());
    };
  }

  @GetMapping(path = "/runs", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ToldRun.Listed> list(
      HttpServletRequest request, @RequestParam(defaultValue = SOME) String limit) {
    allowOnly(request, Set.of("limit"));
    int most = (int) number("limit", limit, 1, MOST);
    return noCache(
        asked(() -> new ToldRun.Listed(runs.last(most).stream().map(this::inList).toList())));
  }

  @GetMapping(
      path = "/runs/{id}",
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_HTML_VALUE})
  ResponseEntity<?> one(@PathVariable String id, HttpServletRequest request) {
    allowOnly(request, Set.of());
    return asked(
        () -> {
          Run run = runs.find(uuid(id)).orElseThrow(ReconciliationProblem::unknownRun);
          if (!wantsPage(request)) {
            return noCache(told(run));
          }
          String page = RunPage.of(told(run), log.entries(run.id(), 0, MOST), MOST);
          return ResponseEntity.ok()
              .cacheControl(CacheControl.noCache())
              .contentType(HTML)
              .header("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
              .body(page);
        });
  }

  @GetMapping(path = "/discrepancies", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Entries> discrepancies(
      HttpServletRequest request,
      @RequestParam(required = false) @Nullable String run,
      @RequestParam(defaultValue = "0") String before,
      @RequestParam(defaultValue = SOME) String limit) {
    allowOnly(request, Set.of("run", "before", "limit"));
    int most = (int) number("limit", limit, 1, MOST);
    long after = number("before", before, 0, Long.MAX_VALUE);
    return asked(
        () -> {
          UUID of = run == null ? null : uuid(run);
          if (of != null && runs.find(of).isEmpty()) {
            throw ReconciliationProblem.unknownRun();
          }
          List<Entry> entries = log.entries(of, after, most);
          return noCache(
              new Entries(entries, entries.size() < most ? null : entries.getLast().id()));
        });
  }

  @GetMapping(path = "/fuse", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<ToldFuse> fuse(HttpServletRequest request) {
    allowOnly(request, Set.of());
    return asked(
        () -> {
          Blown blown = fuse.state().orElse(null);
          return noCache(new ToldFuse(blown != null, blown));
        });
  }

  @DeleteMapping("/fuse")
  ResponseEntity<Void> reset(HttpServletRequest request) {
    allowOnly(request, Set.of());
    asked(fuse::reset);
    return ResponseEntity.noContent().build();
  }

  private ToldRun inList(Run run) {
    OptionalLong found = books.contradictions(run.id());
    return ToldRun.of(
        run, found.isPresent() ? found.getAsLong() : null, log.counts(run.id()), null);
  }

  private ToldRun told(Run run) {
    return books
        .find(run.id())
        .map(
            report ->
                ToldRun.of(
                    run,
                    report.found(),
                    log.counts(run.id()),
                    ToldBooks.of(report, log.ofContradictions(run.id()))))
        .orElseGet(() -> inList(run));
  }

  private static <T> ResponseEntity<T> noCache(T body) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache())
        .contentType(MediaType.APPLICATION_JSON)
        .body(body);
  }

  /** What the tables say; they are in the ledger's database. */
  private static <T> T asked(Supplier<T> question) {
    try {
      return question.get();
    } catch (DataAccessException e) {
      throw new LedgerUnavailableException("the tables of reconciliation cannot be read", e);
    }
  }

  /** Whether a page suits the sender better than JSON. */
  private static boolean wantsPage(HttpServletRequest request) {
    List<MediaType> accepted = MediaType.parseMediaTypes(request.getHeader(HttpHeaders.ACCEPT));
    return quality(accepted, MediaType.TEXT_HTML) > quality(accepted, MediaType.APPLICATION_JSON);
  }

  private static double quality(List<MediaType> accepted, MediaType type) {
    return accepted.stream()
        .filter(each -> each.includes(type))
        .mapToDouble(MediaType::getQualityValue)
        .max()
        .orElse(0);
  }

  private static void allowOnly(HttpServletRequest request, Set<String> known) {
    if (!known.containsAll(request.getParameterMap().keySet())) {
      throw ReconciliationProblem.unknownParameter(
          known.isEmpty()
              ? "this route has no query parameters"
              : "the query parameters of this route are " + String.join(", ", known));
    }
  }

  private static UUID uuid(String id) {
    try {
      return UUID.fromString(id);
    } catch (IllegalArgumentException e) {
      throw ReconciliationProblem.unknownRun();
    }
  }

  private static long number(String name, String digits, long least, long most) {
    try {
      long number = Long.parseLong(digits);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new InvalidValueException(name + " must be a number from " + least + " to " + most);
  }
}
