package io.bincard.application.faults;

import io.bincard.application.fixture.ChildProcess.Launch;
import io.bincard.application.fixture.RunningBincard;

/** F7: batches are committed and the writer never hears it; it must look up what became of them. */
public final class LostReplyFault implements Fault {

  private static final int ONE_IN = 4;

  /** A silent connection costs the client its whole timeout. */
  private static final int SILENT_ONE_IN = 25;

  private static final String TIMEOUT =
      "--spring.datasource.hikari.data-source-properties.socketTimeout=2";

  @Override
  public String name() {
    return "F7";
  }

  @Override
  public String what() {
    return "the reply to COMMIT is lost: the connection is reset, or stays open in silence";
  }

  @Override
  public int shortRounds() {
    return 30;
  }

  @Override
  public int longRounds() {
    return 1_000;
  }

  @Override
  public FaultReport run(FaultRun run) throws Exception {
    String direct = RunningBincard.shared().property("spring.datasource.url");
    int postgres = Integer.parseInt(direct.replaceFirst(".*:(\\d+)/.*", "$1"));
    try (LostReplies proxy = new LostReplies(postgres, run.seed(), ONE_IN, SILENT_ONE_IN);
        NodeUnderLoad node =
            new NodeUnderLoad(
                run,
                16,
                null,
                "--spring.datasource.url="
                    + direct.replace(":" + postgres + "/", ":" + proxy.port() + "/")
                    + (direct.contains("?") ? "&" : "?")
                    + "sslmode=disable&gssEncMode=disable",
                TIMEOUT)) {
      node.start(Launch.PLAIN); // whose migrations are not what is to be lost
      proxy.lose(true);
      while (proxy.lost() < run.rounds()) {
        node.awaitMore(20);
        run.done(Math.min(proxy.lost(), run.rounds()), "");
      }
      proxy.lose(false);
      return node.finish(
          "%d replies lost, %d of them in silence".formatted(proxy.lost(), proxy.silent()));
    }
  }
}
