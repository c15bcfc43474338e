package io.bincard.application.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

/**
 * The one folder of the embedded servers, held by one Bincard at a time.
 *
 * <p>The operating system gives the lock back when the process ends, however it ends; so whoever
 * holds it knows that any server still running on this folder was left over by a dead Bincard.
 */
final class DataFolder implements AutoCloseable {

  private static final String LOCK_FILE = "lock";
  private static final String HOLDER_FILE = "holder";

  /**
   * Folders this JVM holds. Asked before the lock file is touched: POSIX drops all of a process's
   * locks on a file as soon as it closes any descriptor of that file.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private DataFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Creates the folder if it is missing and takes it.
   *
   * @throws FailureAnalyzedException if another Bincard holds it, or it belongs to another user
   */
  static DataFolder take(Path wanted) {
    try {
      Path path = create(wanted);
      checkOwner(path);
      if (!HELD.add(path)) {
        throw heldBy(path, "this process");
      }
      @Nullable FileChannel channel = null;
      @Nullable FileLock lock = null;
      try {
        channel =
            FileChannel.open(
                path.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        lock = channel.tryLock();
        if (lock == null) {
          throw heldBy(path, holder(path));
        }
        Files.writeString(
            path.resolve(HOLDER_FILE),
            "process %d, started %s"
                .formatted(
                    ProcessHandle.current().pid(), Instant.now().truncatedTo(ChronoUnit.SECONDS)));
        return new DataFolder(path, channel);
      } finally {
        if (lock == null) {
          HELD.remove(path);
          if (channel != null) {
            channel.close();
          }
        }
      }
    } catch (IOException e) {
      throw new FailureAnalyzedException(
          "The data directory of the embedded servers, %s, cannot be used: %s"
              .formatted(wanted.toAbsolutePath(), e),
          "Make it readable and writable for this user, or choose another with"
              + " bincard.embedded.data-directory.",
          e);
    }
  }

  /** The folder with every symbolic link resolved. */
  Path path() {
    return path;
  }

  /** A folder below this one, created when missing, for this user only. */
  Path folder(String name) {
    try {
      return create(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Gives the folder back. Only when no server runs on it any more. */
  @Override
  public void close() {
    try {
      Files.deleteIfExists(path.resolve(HOLDER_FILE));
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      HELD.remove(path);
    }
  }

  private static Path create(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return folder.toRealPath();
  }

  /** PostgreSQL insists on it, and a lock that two users cannot both open protects nobody. */
  private static void checkOwner(Path path) throws IOException {
    long owner = ((Number) Files.getAttribute(path, "unix:uid")).longValue();
    if (owner != new UnixSystem().getUid()) {
      throw new FailureAnalyzedException(
          "The data directory of the embedded servers, %s, belongs to the user %s."
              .formatted(path, Files.getOwner(path).getName()),
          "Run Bincard as that user, or choose another directory with"
              + " bincard.embedded.data-directory.");
    }
  }

  private static String holder(Path path) throws IOException {
    Path file = path.resolve(HOLDER_FILE);
    return Files.exists(file) ? Files.readString(file) : "a process that is just starting";
  }

  private static FailureAnalyzedException heldBy(Path path, String holder) {
    return new FailureAnalyzedException(
        "Another Bincard is using the data directory %s: %s.".formatted(path, holder),
        "Stop it first, or give this one its own directory with"
            + " bincard.embedded.data-directory. Nothing of the other was touched.");
  }
}
