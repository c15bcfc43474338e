package io.bincard.application.page;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** A Chromium of its own, without a window, on an empty profile. */
final class Chromium implements AutoCloseable {

  /** Where Debian puts it; {@code -Dchromium=} says otherwise. */
  static final String PROGRAM = System.getProperty("chromium", "/usr/bin/chromium");

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Process process;
  private final HttpClient http = HttpClient.newHttpClient();
  private final int port;

  /**
   * Starts one and waits until it listens.
   *
   * @param folder for its profile and what it says
   */
  Chromium(Path folder) throws IOException {
    Path profile = folder.resolve("profile");
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    PROGRAM,
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-quic",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--disable-component-update",
                    "--disable-sync",
                    "--remote-debugging-port=0",
                    "--user-data-dir=" + profile,
                    "about:blank"))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("chromium.log").toFile());
    builder.environment().put("HOME", folder.toString());
    builder.environment().put("TMPDIR", folder.toString());
    process = builder.start();
    Path told = profile.resolve("DevToolsActivePort");
    port =
        Integer.parseInt(
            await("Chromium listens")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .failFast("it ended", () -> !process.isAlive())
                .until(
                    () -> Files.exists(told) ? Files.readAllLines(told) : List.<String>of(),
                    lines -> lines.size() > 1)
                .getFirst());
  }

  /** Opens an empty tab. */
  Tab open() throws IOException, InterruptedException {
    URI address = URI.create("http://127.0.0.1:" + port + "/json/new?about:blank");
    String json =
        http.send(
                HttpRequest.newBuilder(address).PUT(BodyPublishers.noBody()).build(),
                BodyHandlers.ofString())
            .body();
    Map<?, ?> told = JsonMapper.shared().readValue(json, Map.class);
    return new Tab(http, URI.create(String.valueOf(told.get("webSocketDebuggerUrl"))));
  }

  @Override
  public void close() {
    List<ProcessHandle> all = process.descendants().toList();
    process.destroy();
    process.onExit().completeOnTimeout(process, 10, TimeUnit.SECONDS).join();
    process.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    // Or they would still write while the folder is deleted.
    all.forEach(each -> each.onExit().completeOnTimeout(each, 10, TimeUnit.SECONDS).join());
    http.shutdownNow();
  }
}
