package io.bincard.application.faults;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** A strace that is attached to processes and to what they will start, until it is closed. */
final class Strace implements AutoCloseable {

  static final String MISSING = "strace is missing or may not attach";

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Process process;

  /**
   * @param options such as {@code -e inject=…}
   * @param output what it writes, and where its own words go with {@code .said} behind it
   */
  Strace(Collection<Long> processes, Path output, String... options) throws IOException {
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-o", output.toString()));
    command.addAll(Arrays.asList(options));
    processes.forEach(pid -> command.addAll(List.of("-p", pid.toString())));
    Path said = said(output);
    this.process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    await("strace is attached")
        .atMost(PATIENCE)
        .until(
            () -> {
              String words = Files.readString(said);
              if (!process.isAlive()) {
                throw new AssertionError("strace ended: " + words);
              }
              return processes.stream().allMatch(pid -> words.contains("Process " + pid + " "));
            });
  }

  /** Whether this machine has it and lets it look at processes that it has not started. */
  static boolean canAttach() throws IOException {
    if (!isOnPath("strace")) {
      return false;
    }
    Path output = Files.createTempFile("strace", ".out");
    Process idle = new ProcessBuilder("cat").start(); // waits for its input
    try (Strace _ = new Strace(List.of(idle.pid()), output)) {
      return true;
    } catch (AssertionError forbidden) {
      return false;
    } finally {
      idle.destroyForcibly();
      Files.delete(output);
      Files.delete(said(output));
    }
  }

  /** Whether this machine has {@code program}. */
  static boolean isOnPath(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  private static Path said(Path output) {
    return Path.of(output + ".said");
  }

  /** Lets go of the processes, which go on. */
  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
