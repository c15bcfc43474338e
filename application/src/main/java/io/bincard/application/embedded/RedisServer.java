package io.bincard.application.embedded;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import redis.embedded.RedisExecProvider;

/**
 * Redis as a child process: append-only file on, nothing ever evicted, loopback only. It turns
 * itself into a daemon, which gives it a session of its own.
 */
final class RedisServer implements EmbeddedServer {

  private static final Logger log = LoggerFactory.getLogger(RedisServer.class);

  private static final String PROGRAM = "redis-server";
  private static final String PORT_TAKEN = "Failed listening on port";
  private static final Duration PING_TIMEOUT = Duration.ofSeconds(1);

  private final Path program;
  private final Path data;
  private final Path configuration;
  private final Path pidFile;
  private final ServerLog serverLog;
  private final EmbeddedProperties settings;
  private int port;

  /**
   * @param folder the folder it keeps its data in, as {@code redis}, and its log
   * @param program the unpacked server program
   */
  RedisServer(DataFolder folder, Path program, EmbeddedProperties settings) {
    this.program = program;
    this.data = folder.folder("redis");
    this.configuration = data.resolve("redis.conf");
    this.pidFile = data.resolve("redis.pid");
    this.serverLog = new ServerLog(folder.folder("log").resolve("redis.log"));
    this.settings = settings;
  }

  @Override
  public void start() {
    List<ServerProcess> leftOver = running();
    if (!leftOver.isEmpty()) {
      log.atInfo()
          .addKeyValue("pid", leftOver.getFirst().pid())
          .log("Stopping the embedded Redis that a killed Bincard left running");
      stop();
    }
    for (int attempt = 1; ; attempt++) {
      port = LoopbackPort.choose(settings.redisPort());
      long before = serverLog.rotate();
      configure();
      Command answer =
          Command.run(
              data, settings.startTimeout(), List.of(program.toString(), configuration.toString()));
      if (answer.succeeded() && awaitReady()) {
        return;
      }
      String said = serverLog.tail(before);
      boolean portTaken = said.contains(PORT_TAKEN);
      if (!portTaken || settings.redisPort() != 0 || attempt == LoopbackPort.ATTEMPTS) {
        throw new FailureAnalyzedException(
            "The embedded Redis %s did not start on port %d:%n%s%n%s"
                .formatted(RedisExecProvider.redisVersion, port, answer.output().strip(), said),
            portTaken
                ? "Free the port, or choose another with bincard.embedded.redis-port (0 takes a"
                    + " free one)."
                : "Its log is %s. If it only needs longer, raise bincard.embedded.start-timeout."
                    .formatted(serverLog.file()));
      }
    }
  }

  @Override
  public void stop() {
    for (ServerProcess process : running()) {
      process.terminate();
      if (!process.awaitEnd(settings.stopTimeout())) {
        log.atWarn()
            .addKeyValue("pid", process.pid())
            .log("The embedded Redis did not stop cleanly and is ended by force");
        process.kill();
        if (!process.awaitEnd(settings.stopTimeout())) {
          throw new FailureAnalyzedException(
              "The embedded Redis, process %d, cannot be stopped.".formatted(process.pid()),
              "Stop it by hand; its data directory is " + data + ".");
        }
      }
    }
  }

  @Override
  public Map<String, Object> properties() {
    return Map.of("spring.data.redis.url", "redis://%s:%d".formatted(LoopbackPort.ADDRESS, port));
  }

  @Override
  public String description() {
    return "Redis %s embedded, %s:%d, %s"
        .formatted(RedisExecProvider.redisVersion, LoopbackPort.ADDRESS, port, Shown.path(data));
  }

  /**
   * Writes the configuration. Paths in it are relative to the data folder, where Redis starts, so
   * none needs quoting; the process keeps its command line, by which it is found again.
   */
  private void configure() {
    try {
      Files.deleteIfExists(pidFile);
      Files.writeString(
          configuration,
          """
          # Written at every start.
          bind %s
          port %d
          unixsocket ""
          daemonize yes
          set-proc-title no
          dir ./
          pidfile %s
          logfile %s
          appendonly yes
          appendfsync everysec
          save ""
          maxmemory-policy noeviction
          # A comparison has all rows dumped for their digests. Its files grow by a twentieth.
          rdbcompression no
          # A run of reconciliation asks for a snapshot as a replica does; there are no others to wait for.
          repl-diskless-sync-delay 0
          # One for each ledger.
          databases 1024
          """
              .formatted(
                  LoopbackPort.ADDRESS,
                  port,
                  pidFile.getFileName(),
                  data.relativize(serverLog.file())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for the answer to a PING by the process that we started: it writes its process id only
   * after it has the port.
   */
  private boolean awaitReady() {
    long start = System.nanoTime();
    while (System.nanoTime() - start < settings.startTimeout().toNanos()) {
      if (running().isEmpty()) {
        return false;
      }
      if (Files.exists(pidFile) && answersPing()) {
        return true;
      }
      ServerProcess.pause();
    }
    return false;
  }

  private boolean answersPing() {
    try (Socket socket = new Socket()) {
      int timeout = (int) PING_TIMEOUT.toMillis();
      socket.connect(
          new InetSocketAddress(InetAddress.ofLiteral(LoopbackPort.ADDRESS), port), timeout);
      socket.setSoTimeout(timeout);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      // While it reads its data back it answers -LOADING.
      return "+PONG".equals(in.readLine());
    } catch (IOException e) {
      log.atDebug().setCause(e).log("The embedded Redis does not answer yet");
      return false;
    }
  }

  private List<ServerProcess> running() {
    return ServerProcess.running(PROGRAM, configuration);
  }
}
