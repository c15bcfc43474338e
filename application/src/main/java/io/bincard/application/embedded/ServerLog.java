package io.bincard.application.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/**
 * The file a server writes its log to, kept over runs and bounded.
 *
 * @param file the log; not there before the first start
 */
record ServerLog(Path file) {

  /**
   * A log longer than this is put aside at the next start, in place of the one put aside before.
   */
  private static final long ROTATE_BYTES = 10L << 20;

  private static final int TAIL_LINES = 15;

  /** Prepares the file for a new run and returns its length. */
  long rotate() {
    try {
      if (length() > ROTATE_BYTES) {
        Files.move(
            file,
            file.resolveSibling(file.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
      }
      return length();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last lines written after the first {@code offset} bytes. */
  String tail(long offset) {
    try {
      if (length() <= offset) {
        return "";
      }
      try (var in = Files.newInputStream(file)) {
        in.skipNBytes(offset);
        List<String> lines = new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        return String.join(
            "\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long length() throws IOException {
    return Files.exists(file) ? Files.size(file) : 0;
  }
}
