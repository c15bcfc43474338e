package io.bincard.application.architecture;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the rules for texts look at.
 *
 * @param files every file that Git does not ignore, by its path from the root with {@code /}
 *     between names; the text of a binary file is empty
 * @param settings the default of every {@code bincard.*} key that the code declares, empty where
 *     there is none
 */
record Checkout(Map<String, String> files, Map<String, String> settings) {

  Checkout {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
    settings = Collections.unmodifiableMap(new TreeMap<>(settings));
  }

  /** A sample with one file and no settings. */
  static Checkout of(String path, String text) {
    return new Checkout(Map.of(path, text), Map.of());
  }

  /** The checkout that this test runs in. */
  static Checkout here() {
    try {
      return new Checkout(filesUnder(root()), declaredSettings());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where that checkout lies. */
  static Path root() {
    Path root = Path.of("").toAbsolutePath();
    while (!Files.isDirectory(root.resolve("domain"))) {
      root = root.getParent();
      if (root == null) {
        throw new IllegalStateException("no checkout around " + Path.of("").toAbsolutePath());
      }
    }
    return root;
  }

  /** The files whose path matches {@code regex}. */
  Stream<Entry<String, String>> filesLike(String regex) {
    return files.entrySet().stream().filter(file -> file.getKey().matches(regex));
  }

  private static Map<String, String> filesUnder(Path root) throws IOException {
    List<PathMatcher> ignored =
        Stream.concat(Stream.of(".git"), Files.readAllLines(root.resolve(".gitignore")).stream())
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .map(line -> line.replaceAll("^/|/$", ""))
            .map(
                line ->
                    FileSystems.getDefault().getPathMatcher("glob:{" + line + ",**/" + line + "}"))
            .toList();
    Map<String, String> files = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return isIgnored(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (!isIgnored(file)) {
              String path = root.relativize(file).toString().replace('\\', '/');
              files.put(path, textOf(Files.readAllBytes(file)));
            }
            return FileVisitResult.CONTINUE;
          }

          private boolean isIgnored(Path path) {
            return ignored.stream().anyMatch(each -> each.matches(root.relativize(path)));
          }
        });
    return files;
  }

  private static String textOf(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return text.indexOf('\0') < 0 ? text : "";
    } catch (CharacterCodingException e) {
      return ""; // Binary: no rule reads it, but links may lead to it.
    }
  }

  /** What Spring Boot's annotation processor wrote down for each module on the class path. */
  private static Map<String, String> declaredSettings() throws IOException {
    Map<String, String> settings = new TreeMap<>();
    var descriptions =
        Checkout.class
            .getClassLoader()
            .getResources("META-INF/spring-configuration-metadata.json")
            .asIterator();
    while (descriptions.hasNext()) {
      try (InputStream json = descriptions.next().openStream()) {
        for (JsonNode property : new JsonMapper().readTree(json).path("properties")) {
          String key = property.path("name").asString();
          if (key.startsWith("bincard.")) {
            settings.put(key, property.path("defaultValue").asString(""));
          }
        }
      }
    }
    return settings;
  }
}
