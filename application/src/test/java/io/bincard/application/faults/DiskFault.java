package io.bincard.application.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.awaitility.Awaitility.await;

import io.bincard.application.embedded.OwnPostgres;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.ChildProcess.Launch;
import io.bincard.application.history.History.Extent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * F4: the disk of PostgreSQL is full, for its tables or for its log, or says that a flush failed.
 * When there is room again, a service manager starts PostgreSQL if it has given up.
 */
public final class DiskFault implements Fault {

  private static final String DISK = "size=300m,mode=0700";
  private static final int BLOCK = 64 * 1024;

  /** Nothing is acknowledged for so long: the fault has struck. */
  private static final Duration SILENCE = Duration.ofSeconds(2);

  /** What the node must have been told by PostgreSQL, or the disk was not full. */
  private static final String FULL = "No space left on device";

  private int full;
  private int flushRounds;
  private int failedFlushes;

  @Override
  public String name() {
    return "F4";
  }

  @Override
  public String what() {
    return "PostgreSQL's disk is full, and its flush fails (EIO)";
  }

  @Override
  public int shortRounds() {
    return 0; // needs root for the small disk
  }

  @Override
  public int longRounds() {
    return 30;
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    full = 0;
    flushRounds = 0;
    failedFlushes = 0;
    Path disk = Files.createDirectory(run.folder().resolve("disk"));
    boolean canTrace = Strace.canAttach();
    boolean isSmall = call("mount", "-t", "tmpfs", "-o", DISK, "tmpfs", disk.toString());
    List<String> missing = new ArrayList<>();
    if (!isSmall) {
      missing.add("full disk: no right to mount one");
    }
    if (!canTrace) {
      missing.add("failed flushes: " + Strace.MISSING);
    }
    if (missing.size() == 2) {
      return run.report(new Extent(0, 0, 0), List.of(), "", missing);
    }
    try (OwnPostgres postgres = new OwnPostgres(disk);
        NodeUnderLoad node = new NodeUnderLoad(run, 16, postgres)) {
      postgres.sql().sql("alter system set max_wal_size = '64MB'").update();
      postgres.sql().sql("alter system set min_wal_size = '32MB'").update();
      postgres.sql().sql("select pg_reload_conf()").query(Boolean.class).single();
      ChildProcess bincard = node.start(Launch.PLAIN);
      for (int round = 1; round <= run.rounds(); round++) {
        node.awaitMore(200 + random.nextInt(300));
        String struck =
            canTrace && (round % 2 == 0 || !isSmall)
                ? failFlushes(run, postgres, node)
                : fill(disk, postgres, node, random.nextBoolean());
        postgres.ensureRuns();
        run.done(full + flushRounds, struck + ", " + node.awaitRecovery());
      }
      if (full > 0 && !bincard.output().contains(FULL)) {
        node.violated("the disk was never full");
      }
      return node.finish(
          "%d times full; %d times %d flushes failed".formatted(full, flushRounds, failedFlushes),
          missing);
    } finally {
      if (isSmall) {
        call("umount", disk.toString());
      }
    }
  }

  /**
   * @param log whether a new segment of the log is needed next, which makes PostgreSQL give up; a
   *     table that cannot grow only makes a statement fail
   */
  private String fill(Path disk, OwnPostgres postgres, NodeUnderLoad node, boolean log)
      throws IOException {
    Path ballast = disk.resolve("ballast");
    try {
      fill(ballast);
      if (log) {
        try {
          postgres.sql().sql("select pg_switch_wal()").query(String.class).single();
        } catch (RuntimeException full) {
          // as it must be
        }
      }
      awaitSilence(node);
      full++;
    } finally {
      Files.deleteIfExists(ballast);
    }
    return log ? "no room for the log" : "no room for a table";
  }

  private static void fill(Path ballast) throws IOException {
    byte[] block = new byte[BLOCK];
    try (OutputStream out = Files.newOutputStream(ballast)) {
      while (true) {
        out.write(block);
      }
    } catch (IOException noSpaceLeft) {
      if (Files.size(ballast) == 0) {
        throw noSpaceLeft;
      }
    }
  }

  private String failFlushes(FaultRun run, OwnPostgres postgres, NodeUnderLoad node)
      throws Exception {
    Path log = run.folder().resolve("strace");
    try (Strace _ =
        new Strace(
            postgres.processes(),
            log,
            "-e",
            "trace=fdatasync",
            "-e",
            "inject=fdatasync:error=EIO")) {
      awaitSilence(node);
    }
    if (postgres.isRunning()) { // its recovery may have met the failing flush, and ended it
      resume(postgres.processes());
    }
    try (Stream<String> lines = Files.lines(log, ISO_8859_1)) {
      int failed = Math.toIntExact(lines.filter(line -> line.contains("(INJECTED)")).count());
      if (failed == 0) {
        node.violated("a strike without a flush that failed");
        return "no flush failed";
      }
      flushRounds++;
      failedFlushes += failed;
      return "flushes fail";
    }
  }

  /** A process that was being made when strace let go may be left stopped. */
  private static void resume(List<Long> processes) throws IOException, InterruptedException {
    for (long pid : processes) {
      call("kill", "-CONT", Long.toString(pid));
    }
  }

  /** Waits until nothing is done any more: the fault has struck. */
  private static void awaitSilence(NodeUnderLoad node) {
    await("nothing is acknowledged")
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              long before = node.done();
              LockSupport.parkNanos(SILENCE.toNanos());
              return node.done() == before;
            });
  }

  private static boolean call(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor() == 0;
  }
}
