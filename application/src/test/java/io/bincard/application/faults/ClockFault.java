package io.bincard.application.faults;

import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.ChildProcess.Launch;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * F12: the clock of the leading process jumps by hours and days, ahead and back, while another node
 * with the right time waits for it to lose its lease.
 */
public final class ClockFault implements Fault {

  private static final List<String> JUMPS = List.of("+1h", "-1h", "+1d", "-1d", "+0");

  /** Longer than a lease, and than the library keeps the clock that it read. */
  private static final Duration A_LEASE = Duration.ofSeconds(4);

  private static final String BACKWARDS =
      """
      select count(*) from (
        select created_at < lag(created_at) over (order by position) as back from event_journal) as e
      where back
      """;

  /** Days whose events reach into the positions of the next day. */
  private static final String MIXED_DAYS =
      """
      select count(*) from (
        select min(position) as first, lag(max(position)) over (order by tableoid::regclass::text) as before
        from event_journal group by tableoid) as d
      where first <= before
      """;

  private static final String EPOCH = "select epoch from ledger_head";

  /** Keys that carry the time of their making, and what they were told. */
  private final Map<String, String> told = new LinkedHashMap<>();

  @Override
  public String name() {
    return "F12";
  }

  @Override
  public String what() {
    return "the leader's clock jumps by 1 h and 1 d, ahead and back (libfaketime)";
  }

  @Override
  public int shortRounds() {
    return 0; // the library comes with a package that few machines have
  }

  @Override
  public int longRounds() {
    return 2 * JUMPS.size();
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Path library = library();
    if (library == null) {
      return run.notRun("libfaketime is missing");
    }
    told.clear();
    Path clock = run.folder().resolve("clock");
    set(clock, "+0");
    Launch faked =
        Launch.in(
            Map.of(
                "LD_PRELOAD",
                library.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                clock.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                // Or every wait of the JVM, which is by the monotonic clock, ends at once.
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0"));
    Random random = new Random(run.seed());
    try (NodeUnderLoad leader = new NodeUnderLoad(run, 16, null)) {
      leader.start(faked);
      JdbcClient ledger = leader.nodes().sql();
      ChildProcess other = leader.nodes().startUnready(Launch.PLAIN);
      other.awaitReady();
      long epoch = ledger.sql(EPOCH).query(Long.class).single();
      ask(leader, run.seed() + "-0");
      for (int round = 1; round <= run.rounds(); round++) {
        leader.awaitMore(100 + random.nextInt(200));
        String jump = JUMPS.get((round - 1) % JUMPS.size());
        set(clock, jump);
        LockSupport.parkNanos(A_LEASE.toNanos());
        leader.awaitMore(100);
        ask(leader, run.seed() + "-" + round);
        if (ledger.sql(EPOCH).query(Long.class).single() != epoch) {
          leader.violated("the lease was lost by a jump of " + jump);
        }
        run.done(round, jump);
      }
      if (ledger.sql(BACKWARDS).query(Long.class).single() > 0) {
        leader.violated("created_at runs backwards");
      }
      if (ledger.sql(MIXED_DAYS).query(Long.class).single() > 0) {
        leader.violated("a day was written into after it was over");
      }
      long days =
          ledger
              .sql("select count(distinct tableoid) from event_journal")
              .query(Long.class)
              .single();
      if (days < 2 && run.rounds() > JUMPS.indexOf("+1d")) {
        leader.violated("the clock did not reach the events: they are all of one day");
      }
      return leader.finish(
          "events in %d days; %d dated keys replayed after each jump".formatted(days, told.size()));
    }
  }

  /** A command with a new dated key, and all those before once more: each must be told the same. */
  private void ask(NodeUnderLoad node, String order) {
    told.put(uuidv7(), "");
    told.replaceAll(
        (key, before) -> {
          HttpResponse<String> answer = node.register(key);
          String now = answer == null ? "nothing" : answer.statusCode() + " " + answer.body();
          if (!now.startsWith("201") || !(before.isEmpty() || before.equals(now))) {
            node.violated(key + " was told " + before + " and, after " + order + ", " + now);
          }
          return now;
        });
  }

  private static String uuidv7() {
    UUID any = UUID.randomUUID();
    long high =
        (System.currentTimeMillis() << 16) | 0x7000 | (any.getMostSignificantBits() & 0xFFF);
    return new UUID(high, any.getLeastSignificantBits()).toString();
  }

  /** At once, for it is read at any moment. */
  private static void set(Path clock, String offset) throws IOException {
    Path next = Path.of(clock + ".next");
    Files.writeString(next, offset + "\n");
    Files.move(next, clock, StandardCopyOption.ATOMIC_MOVE);
  }

  private static @Nullable Path library() throws IOException {
    for (Path lib : List.of(Path.of("/usr/lib"), Path.of("/usr/local/lib"))) {
      try (Stream<Path> found =
          Files.find(lib, 3, (path, _) -> path.endsWith("libfaketimeMT.so.1"))) {
        Path first = found.findFirst().orElse(null);
        if (first != null) {
          return first;
        }
      }
    }
    return null;
  }
}
