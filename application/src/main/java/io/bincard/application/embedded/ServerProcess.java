package io.bincard.application.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A server's process as the operating system shows it, known by its program and by the folder or
 * file of ours on its command line. A process id out of a file is never trusted by itself: ids are
 * reused.
 *
 * @param handle the process
 */
record ServerProcess(ProcessHandle handle) {

  private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /**
   * The running processes whose program's file name starts with {@code program} and that were
   * started with {@code ours}, an absolute path, as one of their arguments.
   */
  static List<ServerProcess> running(String program, Path ours) {
    return ProcessHandle.allProcesses()
        .filter(handle -> is(handle, program, ours))
        .map(ServerProcess::new)
        .toList();
  }

  long pid() {
    return handle.pid();
  }

  /**
   * Whether it still runs. A process that ended but was not yet collected by its parent has no
   * command line any more and counts as ended: who runs in a container may never collect it.
   */
  boolean isRunning() {
    return handle.isAlive() && handle.info().arguments().isPresent();
  }

  /** Asks the process to end, as {@code SIGTERM} does. */
  void terminate() {
    handle.destroy();
  }

  /** Ends the process without asking. */
  void kill() {
    handle.destroyForcibly();
  }

  /** Waits until it has ended; returns false if it still runs after {@code timeout}. */
  boolean awaitEnd(Duration timeout) {
    long start = System.nanoTime();
    while (isRunning()) {
      if (System.nanoTime() - start > timeout.toNanos()) {
        return false;
      }
      pause();
    }
    return true;
  }

  /** Lets a moment pass between two looks at a process. */
  static void pause() {
    LockSupport.parkNanos(POLL_NANOS);
  }

  private static boolean is(ProcessHandle handle, String program, Path ours) {
    ProcessHandle.Info info = handle.info();
    return info.command()
            .map(command -> String.valueOf(Path.of(command).getFileName()).startsWith(program))
            .orElse(false)
        && info.arguments()
            .map(arguments -> Arrays.asList(arguments).contains(ours.toString()))
            .orElse(false);
  }
}
