package io.bincard.application.embedded;

import io.bincard.application.fixture.RunningBincard;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A Redis for one test alone, which may be stopped or killed and started again, always at the same
 * port. Its program is that of the servers that all tests share.
 */
public final class OwnRedis implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final DataFolder folder;
  private final Path data;
  private final RedisServer server;
  private final URI url;

  /** One that keeps its data below {@code where}, started. */
  public OwnRedis(Path where) {
    this.folder = DataFolder.take(where);
    this.data = folder.path().resolve("redis");
    Path programs =
        Path.of(RunningBincard.shared().property("bincard.embedded.data-directory"), "programs");
    int port = LoopbackPort.choose(0);
    this.server =
        new RedisServer(
            folder,
            new BundledPrograms(programs.toAbsolutePath()).redis(),
            new EmbeddedProperties(where.toString(), 0, port, PATIENCE, PATIENCE));
    this.url = URI.create("redis://" + LoopbackPort.ADDRESS + ":" + port);
    server.start();
  }

  public URI url() {
    return url;
  }

  /** Ends it, in good order or by force, and starts it on what it has on the disk. */
  public void restart(boolean isKilled) {
    if (isKilled) {
      ServerProcess.running("redis-server", data.resolve("redis.conf"))
          .forEach(ServerProcess::kill);
    }
    server.stop();
    server.start();
  }

  @Override
  public void close() throws IOException {
    server.stop();
    folder.close();
  }
}
