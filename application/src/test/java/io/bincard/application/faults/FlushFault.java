package io.bincard.application.faults;

import io.bincard.application.embedded.OwnPostgres;
import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.ChildProcess.Launch;
import io.bincard.application.history.History.Extent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * F5: nothing is broken; one strace looks on at the application and PostgreSQL, so that the order
 * of their system calls is the order of its lines, and sees whether the flush precedes the answer.
 */
public final class FlushFault implements Fault {

  @Override
  public String name() {
    return "F5";
  }

  @Override
  public String what() {
    return "the flush of a commit ends before its answer is sent, seen by strace";
  }

  @Override
  public int shortRounds() {
    return 0; // an onlooker slows everything down
  }

  @Override
  public int longRounds() {
    return 1_000;
  }

  /** The clients are few and slowed down; the commits that were looked at are what counts. */
  @Override
  public Extent least(int rounds) {
    return new Extent(rounds, 0, 0);
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    if (!Strace.canAttach()) {
      return run.notRun(Strace.MISSING);
    }
    Path log = run.folder().resolve("strace");
    try (OwnPostgres postgres = new OwnPostgres(run.folder().resolve("own"));
        NodeUnderLoad node = new NodeUnderLoad(run, 2, postgres)) {
      ChildProcess bincard = node.start(Launch.PLAIN);
      List<Long> watched = new ArrayList<>(postgres.processes());
      watched.add(bincard.pid());
      long writer = postgres.writersBackend();
      Set<String> missed;
      try (Strace _ =
          new Strace(
              watched,
              log,
              "-y",
              "-s",
              "4000",
              "-e",
              "trace=fdatasync,pwrite64,pwritev,recvfrom,sendto,write,writev")) {
        missed = node.sentKeys();
        long enough = node.done() + run.rounds() + 20;
        while (node.done() < enough) {
          node.awaitMore(50);
        }
      }
      FlushOrder order = new FlushOrder(writer, missed);
      try (Stream<String> lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
        lines.forEach(order::line);
      }
      run.done(order.checked(), "");
      order.violations().forEach(node::violated);
      if (order.checked() < run.rounds()) {
        node.violated("only " + order.checked() + " answers could be followed to their flush");
      }
      return node.finish("%d answers followed, %s".formatted(order.checked(), order));
    }
  }
}
