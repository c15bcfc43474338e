package io.bincard.application.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the lines of a strace and follows each command: the writer's backend is sent it, is sent
 * COMMIT, the log is written and flushed, the backend answers, and then the sender is answered.
 *
 * <p>A flush counts if it began after COMMIT was sent; it may be another process's, for PostgreSQL
 * shares them.
 */
final class FlushOrder {

  private static final Pattern LINE = Pattern.compile("(\\d+) +(.*)");
  private static final Pattern CALL = Pattern.compile("(\\w+)\\((.*)");
  private static final Pattern RESUMED = Pattern.compile("<\\.\\.\\. (\\w+) resumed>(.*)");
  private static final Pattern KEY = Pattern.compile("\\\\\"key\\\\\": ?\\\\\"([^\\\\]+)\\\\\"");
  private static final Pattern DONE =
      Pattern.compile("\\{\\\\\"key\\\\\":\\\\\"([^\\\\]+)\\\\\",\\\\\"status\\\\\":\\\\\"done");
  private static final String UNFINISHED = "<unfinished ...>";
  private static final String LOG = "/pg_wal/";
  private static final String ANSWER = "\"HTTP/1.1 2";
  private static final String COMMITTED = "COMMIT\\0";

  private final long writer;

  /** What an unfinished call was given, by thread. */
  private final Map<Long, String> begun = new HashMap<>();

  /** The threads that began to flush the log after the writer's backend was last sent something. */
  private final Set<Long> flushing = new HashSet<>();

  private final Set<String> missed;
  private final Set<String> sent = new HashSet<>();
  private final Set<String> committed = new HashSet<>();
  private final Set<String> answered = new HashSet<>();
  private final List<String> violations = new ArrayList<>();
  private boolean isWritten;
  private boolean isFlushed;
  private boolean isByAnother;
  private int commits;
  private int flushesOfOthers;

  /**
   * @param writer the writer's backend in PostgreSQL
   * @param missed keys that were sent before anybody looked on: how they came to be answered was
   *     not seen
   */
  FlushOrder(long writer, Set<String> missed) {
    this.writer = writer;
    this.missed = missed;
  }

  void line(String line) {
    Matcher parts = LINE.matcher(line);
    if (!parts.matches()) {
      return;
    }
    long thread = Long.parseLong(parts.group(1));
    String said = parts.group(2);
    Matcher resumed = RESUMED.matcher(said);
    if (resumed.matches()) {
      ends(thread, resumed.group(1), begun.getOrDefault(thread, "") + resumed.group(2));
      return;
    }
    Matcher call = CALL.matcher(said);
    if (call.matches()) {
      begins(thread, call.group(1), call.group(2));
      if (said.endsWith(UNFINISHED)) {
        begun.put(thread, call.group(2));
      } else {
        ends(thread, call.group(1), call.group(2));
      }
    }
  }

  private void begins(long thread, String call, String given) {
    switch (call) {
      case "fdatasync" -> {
        if (given.contains(LOG)) {
          flushing.add(thread);
        }
      }
      case "sendto", "write", "writev" -> {
        if (thread == writer) {
          replies(given);
        } else {
          answers(given);
        }
      }
      default -> {}
    }
  }

  private void ends(long thread, String call, String given) {
    switch (call) {
      case "recvfrom" -> {
        if (thread == writer) {
          KEY.matcher(given).results().forEach(found -> sent.add(found.group(1)));
          isWritten = false;
          isFlushed = false;
          flushing.clear();
        }
      }
      case "pwrite64", "pwritev" -> isWritten |= given.contains(LOG);
      case "fdatasync" -> {
        if (flushing.remove(thread) && given.endsWith(" = 0")) {
          isFlushed = true;
          isByAnother = thread != writer;
        }
      }
      default -> {}
    }
  }

  /** The writer's backend answers: if to COMMIT, then what it was sent before is on disk. */
  private void replies(String given) {
    if (!given.contains(COMMITTED) || sent.isEmpty()) {
      return;
    }
    if (isFlushed && isWritten) {
      committed.addAll(sent);
      commits++;
      flushesOfOthers += isByAnother ? 1 : 0;
    }
    sent.clear();
  }

  /** What else the application writes speaks of keys too: it sends its receipts to PostgreSQL. */
  private void answers(String given) {
    if (!given.contains(ANSWER)) {
      return;
    }
    DONE.matcher(given)
        .results()
        .map(found -> found.group(1))
        .filter(key -> !missed.contains(key))
        .filter(answered::add)
        .filter(key -> !committed.contains(key))
        .forEach(key -> violations.add(key + " was answered before its flush had ended"));
  }

  List<String> violations() {
    return violations;
  }

  /** How many commands were answered after a flush that was seen. */
  int checked() {
    return answered.size() - violations.size();
  }

  @Override
  public String toString() {
    return "%d flushes, %d of them by another process".formatted(commits, flushesOfOthers);
  }
}
