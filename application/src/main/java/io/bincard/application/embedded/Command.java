package io.bincard.application.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * What a short-lived program of a server answered.
 *
 * @param exitCode 0 for success
 * @param output everything it wrote, both streams in one
 */
record Command(int exitCode, String output) {

  /**
   * Runs a program to its end.
   *
   * @param folder where its output waits to be read; a file, not a pipe, because a server that the
   *     program leaves behind would hold a pipe open
   * @throws FailureAnalyzedException if it does not end in time; it is then ended by force
   */
  static Command run(Path folder, Duration timeout, List<String> words) {
    try {
      Path output = Files.createTempFile(folder, "command", ".out");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        // PGPORT, PGDATA and their like would win over what we ask for; the language is for
        // messages that we read.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
          process.destroyForcibly();
          throw new FailureAnalyzedException(
              "%s did not end within %s: %s".formatted(words, timeout, Files.readString(output)),
              "If the machine is that slow, raise bincard.embedded.start-timeout.");
        }
        return new Command(process.exitValue(), Files.readString(output));
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + words, e);
    }
  }

  boolean succeeded() {
    return exitCode == 0;
  }
}
