package io.bincard.domain.architecture.bad;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a file, though the domain has no input and no output. */
final class ReadsAFile {
  private ReadsAFile() {}

  static String policy(Path file) throws IOException {
    return Files.readString(file);
  }
}
