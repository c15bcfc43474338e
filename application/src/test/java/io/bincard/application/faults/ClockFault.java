package io.bincard.application.faults;

import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.ChildProcess.Launch;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
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

  /** How far the last event is from real time, which PostgreSQL has: its clock is left alone. */
  private static final String OFF =
      """
      select (extract(epoch from created_at - clock_timestamp()) * 1000)::bigint from ledger_head
      """;

  /** The ledger's clock runs at most so much faster or slower than time: a tenth. */
  private static final int SLEW = 10;

  /** How long ago the last event may be under load, and how coarse the times are. */
  private static final long SLACK_MILLIS = 2_000;

  private static final String EPOCH = "select epoch from ledger_head";

  /** Keys that carry the time of their making, and what they were told. */
  private final Map<String, String> told = new LinkedHashMap<>();

  /** How far the clock of the leading process was seen to be from this one's. */
  private Duration farthest = Duration.ZERO;

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
    farthest = Duration.ZERO;
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
      long began = System.nanoTime();
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
        long off = ledger.sql(OFF).query(Long.class).single();
        if (Math.abs(off) > Millis.since(began) / SLEW + SLACK_MILLIS) {
          leader.violated("after a jump of %s the events are off by %d ms".formatted(jump, off));
        }
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
      if (farthest.toHours() < 23 && run.rounds() > JUMPS.indexOf("+1d")) {
        leader.violated("the jumps did not reach the process: its clock was off by " + farthest);
      }
      return leader.finish(
          "the process's clock was off by up to %d h; %d dated keys replayed after each jump"
              .formatted(farthest.toHours(), told.size()));
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
          if (answer != null) {
            see(answer);
          }
          return now;
        });
  }

  /** What time the web server has that answered. */
  private void see(HttpResponse<String> answer) {
    String date = answer.headers().firstValue("Date").orElseThrow();
    Instant theirs = DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
    Duration off = Duration.between(Instant.now(), theirs).abs();
    farthest = off.compareTo(farthest) > 0 ? off : farthest;
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
