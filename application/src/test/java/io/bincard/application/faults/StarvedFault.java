package io.bincard.application.faults;

import io.bincard.application.fixture.ChildProcess;
import io.bincard.application.fixture.ChildProcess.Launch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * F18: the node has a heap of 128 MB, no file descriptors left, or a heap that cannot do. The first
 * works; the second goes on with what it has, or ends, and is well again when there are some; the
 * third ends at once, by the option that the image and the README start it with, and the next one
 * starts clean.
 */
public final class StarvedFault implements Fault {

  private static final String EXIT = "-XX:+ExitOnOutOfMemoryError";
  private static final Launch SMALL = Launch.with("-Xmx128m", EXIT);

  /** A JVM that could not get memory and was told to end then. */
  private static final int START_AGAIN = 3;

  /** Enough to start with, and fewer than come. */
  private static final int DESCRIPTORS = 300;

  private static final int STRANGERS = 600;
  private static final int CALL_MILLIS = 500;

  private int ends;
  private int restarts;

  @Override
  public String name() {
    return "F18";
  }

  @Override
  public String what() {
    return "a heap of 128 MB; file descriptors gone; a heap too small for the load";
  }

  @Override
  public int shortRounds() {
    return 0;
  }

  @Override
  public int longRounds() {
    return 12;
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    Random random = new Random(run.seed());
    ends = 0;
    restarts = 0;
    int struck = 0;
    boolean canLimit = Strace.isOnPath("prlimit");
    try (NodeUnderLoad node = new NodeUnderLoad(run, 16, null)) {
      for (int round = 1; round <= run.rounds(); round++) {
        String what;
        if (round % 3 == 1) {
          what = smallHeap(node);
        } else if (round % 3 == 0) {
          what = tooSmallHeap(node, random);
        } else if (canLimit) {
          what = noDescriptors(node);
        } else {
          continue;
        }
        run.done(++struck, what);
      }
      node.start(Launch.PLAIN);
      return node.finish(
          "%d ends for want of memory, %d for want of descriptors".formatted(ends, restarts),
          canLimit ? List.of() : List.of("file descriptors gone: prlimit is missing"));
    }
  }

  private static String smallHeap(NodeUnderLoad node) throws Exception {
    ChildProcess started = node.start(SMALL);
    node.awaitMore(1_000);
    if (!started.isAlive()) {
      node.violated("a heap of 128 MB did not do: " + started.output());
    }
    node.kill();
    return "a heap of 128 MB";
  }

  /** Strangers take every descriptor; meanwhile the writer loses its connection. */
  private String noDescriptors(NodeUnderLoad node) throws Exception {
    Launch starved = Launch.behind("prlimit", "--nofile=" + DESCRIPTORS + ":" + DESCRIPTORS);
    ChildProcess started = node.start(starved);
    node.awaitMore(100);
    List<Socket> strangers = new ArrayList<>();
    try {
      call(node.url(), strangers);
      long ended =
          node.nodes()
              .sql()
              .sql(
                  "select count(pg_terminate_backend(pid)) from pg_locks where locktype = 'advisory'")
              .query(Long.class)
              .single();
      if (ended == 0) {
        node.violated("the writer had no session to lose");
      }
      if (node.statusOf("/actuator/health/liveness") == 200) {
        node.violated("there were descriptors left");
      }
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
    boolean ended = node.endsUnlessReady(started);
    if (ended) { // it could not even load what it needed; a service manager starts it again
      restart(node, started, starved);
    }
    node.awaitRecovery();
    node.kill();
    return ended ? "no descriptors, it ended" : "no descriptors";
  }

  private void restart(NodeUnderLoad node, ChildProcess ended, Launch launch) throws Exception {
    int exit = ended.awaitEnd();
    if (exit != START_AGAIN) {
      node.violated("it ended with %d: %s".formatted(exit, ended.output()));
    }
    restarts++;
    node.nodes().ended(ended);
    node.start(launch);
  }

  /** Opens connections until nobody takes them any more. */
  private static void call(URI url, List<Socket> strangers) throws IOException {
    try {
      for (int i = 0; i < STRANGERS; i++) {
        Socket stranger = new Socket();
        strangers.add(stranger);
        stranger.connect(new InetSocketAddress(url.getHost(), url.getPort()), CALL_MILLIS);
      }
    } catch (SocketTimeoutException full) {
      // neither a descriptor nor a place in the queue is left
    }
  }

  private String tooSmallHeap(NodeUnderLoad node, Random random) throws Exception {
    int megabytes = 40 + random.nextInt(16);
    ChildProcess started = node.nodes().startUnready(Launch.with("-Xmx" + megabytes + "m", EXIT));
    int exit = started.awaitEnd();
    if (exit != START_AGAIN) {
      node.violated("a heap of %d MB ended with %d".formatted(megabytes, exit));
    }
    ends++;
    node.nodes().ended(started);
    return "a heap of " + megabytes + " MB";
  }
}
