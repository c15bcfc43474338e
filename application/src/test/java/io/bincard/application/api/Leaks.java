package io.bincard.application.api;

import static org.assertj.core.api.Assertions.assertThat;

/** What an answer must not tell of the program behind it. */
final class Leaks {

  private Leaks() {}

  static void assertNone(String answer) {
    assertThat(answer)
        .doesNotContain("Exception", "\tat ", "at java.", "at io.", "io.bincard", "jackson")
        .doesNotContain("springframework", "axon", "tomcat", "Tomcat", "postgres", "StreamRead")
        .doesNotContain("Deserialization", "[Source", "<html", "/home", "/tmp", "jndi");
  }
}
