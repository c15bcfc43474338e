package io.bincard.application.policy;

import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/** TOML as a tree: dates and times as text, numbers with a point as decimals. */
final class Toml {

  private static final TomlMapper MAPPER = new TomlMapper();

  private Toml() {}

  /**
   * The tree of {@code file}.
   *
   * @throws JacksonException if it is no TOML
   */
  static ObjectNode parse(PolicyFile file) {
    try {
      return (ObjectNode) MAPPER.readTree(file.content());
    } catch (StackOverflowError e) {
      throw new StreamConstraintsException("values that lie too deep in each other");
    }
  }
}
