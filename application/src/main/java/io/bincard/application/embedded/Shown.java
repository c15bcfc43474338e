package io.bincard.application.embedded;

import java.nio.file.Path;

/** How a place is shown to a reader. */
final class Shown {

  private Shown() {}

  /** A path relative to the working directory if it lies below, else whole. */
  static String path(Path path) {
    Path here = Path.of("").toAbsolutePath();
    return (path.startsWith(here) ? here.relativize(path) : path).toString();
  }

  /**
   * The host, port and path of a JDBC or other URL: without its user, its password and its
   * parameters, which can hold secrets.
   */
  static String url(String url) {
    int start = url.indexOf("//");
    String rest = start < 0 ? url : url.substring(start + 2);
    int parameters = rest.indexOf('?');
    String place = parameters < 0 ? rest : rest.substring(0, parameters);
    return place.substring(place.lastIndexOf('@') + 1);
  }
}
