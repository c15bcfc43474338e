package io.bincard.application.discount;

import io.bincard.application.discount.Quiet.Change;
import io.bincard.application.policy.PolicyFolder;
import io.bincard.application.policy.PolicyFolder.Stamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells when files of policies have changed and are at rest again. The system tells of most changes
 * at once; of links that lead elsewhere, folders that are swapped and what other machines write it
 * does not, so the folders are looked at every so often, too. For one thread.
 */
final class FolderWatch implements AutoCloseable {

  private static final Logger logger = LoggerFactory.getLogger(FolderWatch.class);

  private final PolicyFolder folder;
  private final Quiet quiet;
  private final long moved;
  private final long look;
  private final Map<WatchKey, Path> keys = new HashMap<>();
  private @Nullable WatchService watch;
  private Stamp seen;
  private long lookedAt;

  /** Whether the last change was found by a look and not told by the system. */
  private boolean byLook;

  /** Whether it was logged that the system tells nothing. */
  private boolean deaf;

  /**
   * Watches from now on.
   *
   * @param moved how long the system may take to tell what a look finds
   * @param look how often the folders are looked at
   */
  FolderWatch(PolicyFolder folder, Quiet quiet, Duration moved, Duration look) {
    this.folder = folder;
    this.quiet = quiet;
    this.moved = moved.toNanos();
    this.look = look.toNanos();
    this.seen = folder.stamp();
    this.lookedAt = System.nanoTime();
    register();
  }

  /** How the folders looked when they last were at rest. */
  Stamp seen() {
    return seen;
  }

  /**
   * Waits for a change, for as long as there is from look to look, and then for its end; whether
   * there was one.
   */
  boolean rests() throws InterruptedException {
    while (true) {
      long now = System.nanoTime();
      hear(quiet.isChanging() ? quiet.remaining(now) : lookedAt + look - now);
      now = System.nanoTime();
      if (quiet.isChanging() ? quiet.remaining(now) <= 0 : now - lookedAt >= look) {
        if (isAtRest()) {
          return quiet.end();
        }
      }
    }
  }

  /** Looks at the folders when nothing is known to change any more. */
  private boolean isAtRest() throws InterruptedException {
    Stamp next = folder.stamp();
    lookedAt = System.nanoTime();
    boolean swapped =
        !next.folders().equals(seen.folders())
            || !keys.keySet().stream().allMatch(WatchKey::isValid);
    if (swapped || watch == null) {
      register();
    }
    if (quiet.isOverdue(lookedAt)) {
      logger.atWarn().log("Files of policies change without end; they are read as they are");
    } else if (swapped) {
      seen = next;
      found();
      return false;
    } else if (!next.equals(seen) && (byLook || !quiet.isChanging())) {
      return isAsSeen(next);
    }
    seen = next;
    return true;
  }

  /** Whether the files still look as at rest; if they do not, a change is under way. */
  boolean stillRests() throws InterruptedException {
    return isAsSeen(folder.stamp());
  }

  private boolean isAsSeen(Stamp next) throws InterruptedException {
    if (next.equals(seen)) {
      return true;
    }
    byLook = true;
    hear(moved); // it may be about to be told, and how
    if (byLook) {
      seen = new Stamp(seen.folders(), next.files()); // other folders are to be found again
      found();
    }
    return false;
  }

  private void found() {
    byLook = true;
    quiet.changed(Change.WRITTEN, System.nanoTime());
  }

  /** Waits for what the system tells next. */
  private void hear(long nanos) throws InterruptedException {
    WatchService service = watch;
    if (service == null) {
      TimeUnit.NANOSECONDS.sleep(Math.max(0, nanos));
      return;
    }
    WatchKey key = service.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    if (key == null) {
      return;
    }
    Path where = keys.getOrDefault(key, folder.folder());
    for (WatchEvent<?> event : key.pollEvents()) {
      Change change = change(event, where);
      if (change != null) {
        byLook = false;
        quiet.changed(change, System.nanoTime());
      }
    }
    key.reset();
  }

  /** What {@code event} in {@code where} does to the policy; {@code null} for nothing. */
  @Nullable Change change(WatchEvent<?> event, Path where) {
    if (!(event.context() instanceof Path name)) {
      return Change.WRITTEN; // more happened than the system could tell
    }
    Path path = where.resolve(name);
    if (folder.folders().contains(path)) {
      return Change.WRITTEN; // another folder, or none, of that environment
    }
    if (!PolicyFolder.isCalledLikeOne(path)) {
      return null;
    }
    return event.kind() == StandardWatchEventKinds.ENTRY_CREATE && hasContent(path)
        ? Change.MOVED
        : Change.WRITTEN;
  }

  /** What is made empty is about to be written. */
  private static boolean hasContent(Path file) {
    try {
      return Files.size(file) > 0;
    } catch (IOException gone) {
      return false;
    }
  }

  /** Asks the system to tell what happens in the folders that are there. */
  private void register() {
    close();
    try {
      WatchService service = folder.folder().getFileSystem().newWatchService();
      watch = service;
      for (Path each : folder.folders()) {
        register(each, service);
      }
      deaf = false;
    } catch (IOException e) {
      close();
      if (!deaf) {
        deaf = true;
        logger
            .atWarn()
            .setCause(e)
            .log("The system does not tell what changes in the folder of policies; only looks do");
      }
    }
  }

  private void register(Path each, WatchService service) throws IOException {
    if (!Files.isDirectory(each)) {
      return;
    }
    try {
      keys.put(
          each.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE),
          each);
    } catch (NoSuchFileException | NotDirectoryException gone) {
      logger.atDebug().setCause(gone).log("A folder of policies went away");
    }
  }

  @Override
  public void close() {
    WatchService service = watch;
    watch = null;
    keys.clear();
    if (service != null) {
      try {
        service.close();
      } catch (IOException e) {
        logger.atDebug().setCause(e).log("A watch service did not close");
      }
    }
  }
}
