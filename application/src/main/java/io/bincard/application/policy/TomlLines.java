package io.bincard.application.policy;

import io.bincard.application.policy.Mistakes.Mistake;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlPosition;
import org.tomlj.TomlTable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/**
 * Looks up the lines of mistakes. The parser that reads policies does not tell them; this one does,
 * and is too slow for anything but the case in which something is wrong. Where it cannot look, a
 * mistake has no line.
 */
final class TomlLines {

  /** Characters of all files together; what lies behind them is not looked at. */
  static final int MAX_CHARACTERS = 2 << 20;

  /**
   * Of a file whose syntax is broken; of a larger one the first mistake alone is told, for every
   * further one costs time and memory.
   */
  static final int MAX_BROKEN_CHARACTERS = 1 << 16;

  private final Map<PolicyFile, TomlTable> files = new HashMap<>();
  private int left = MAX_CHARACTERS;

  List<PolicyError> locate(Mistakes mistakes) {
    List<PolicyError> errors = new ArrayList<>();
    for (Mistake mistake : mistakes.told()) {
      PolicyFile file = mistake.place().file();
      TomlTable root = files.computeIfAbsent(file, this::parse);
      errors.add(
          new PolicyError(
              file.name(),
              line(root, mistake.place().path()),
              mistake.place().shown(),
              mistake.expected(),
              mistake.found()));
    }
    return errors;
  }

  /** Where {@code file} breaks the syntax, which {@code first} has found to be broken. */
  List<PolicyError> broken(PolicyFile file, JacksonException first) {
    List<PolicyError> errors = new ArrayList<>();
    List<TomlParseError> found =
        file.content().length() > MAX_BROKEN_CHARACTERS ? List.of() : parse(file).errors();
    for (TomlParseError error : found) {
      if (errors.size() < Mistakes.MAX_TOLD) {
        errors.add(noToml(file, error.position().line(), error.getMessage()));
      }
    }
    return errors.isEmpty()
        ? List.of(noToml(file, line(first), first.getOriginalMessage()))
        : errors;
  }

  private static int line(JacksonException broken) {
    TokenStreamLocation place = broken.getLocation();
    return place == null ? 0 : place.getLineNr();
  }

  private static PolicyError noToml(PolicyFile file, int line, @Nullable String found) {
    return new PolicyError(
        file.name(),
        Math.max(0, line),
        "",
        "TOML 1.0",
        PolicyValue.shortened(Objects.requireNonNullElse(found, "")));
  }

  /** {@code file}, or an empty one if it cannot be looked at: too large, too deep, too broken. */
  private TomlParseResult parse(PolicyFile file) {
    if (file.content().length() > left) {
      return org.tomlj.Toml.parse("");
    }
    left -= file.content().length();
    try {
      return org.tomlj.Toml.parse(file.content());
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      return org.tomlj.Toml.parse("");
    }
  }

  /** The line of the last step of {@code path} that is there; 0 if none is. */
  private static int line(TomlTable root, List<Object> path) {
    Object here = root;
    int line = 0;
    for (Object step : path) {
      TomlPosition position = null;
      Object next = null;
      if (here instanceof TomlTable table && step instanceof String key) {
        position = table.inputPositionOf(List.of(key));
        next = table.get(List.of(key));
      } else if (here instanceof TomlArray array && step instanceof Integer index) {
        position = index < array.size() ? array.inputPositionOf(index) : null;
        next = index < array.size() ? array.get(index) : null;
      }
      if (position == null || next == null) {
        return line;
      }
      line = position.line();
      here = next;
    }
    return line;
  }
}
