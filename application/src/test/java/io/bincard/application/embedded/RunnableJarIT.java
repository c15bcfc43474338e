package io.bincard.application.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar for production: what it must not hold, and how it behaves without what it needs. */
class RunnableJarIT {

  private static final Path JAR = Path.of("target", "bincard.jar");

  /** Servers, their programs, what only unpacks them, and what is too big for what it would do. */
  private static final String UNWANTED =
      "(?i).*/(embedded-|commons-compress|xz-|kafka(?!-clients)|rocksdb|onnx|tokenizers).*";

  @TempDir Path workingDirectory;

  @AfterEach
  void leaveNoProcess() throws IOException {
    List<ProcessHandle> left = ChildProcess.serversOf(workingDirectory.toRealPath());
    left.forEach(ProcessHandle::destroyForcibly);
    assertThat(left).isEmpty();
  }

  @Test
  void holds_no_embedded_server() throws Exception {
    try (JarFile jar = new JarFile(JAR.toFile())) {
      List<String> libraries =
          jar.stream()
              .map(entry -> entry.getName())
              .filter(name -> name.startsWith("BOOT-INF/lib/"))
              .toList();
      assertThat(libraries).anyMatch(name -> name.contains("/domain-"));
      assertThat(libraries).anyMatch(name -> name.contains("/projections-"));
      assertThat(libraries).anyMatch(name -> name.contains("/postgresql-"));
      assertThat(libraries).noneMatch(name -> name.matches(UNWANTED));
    }
  }

  @Test
  void refuses_to_start_without_any_url_and_says_what_to_set() throws Exception {
    try (ChildProcess bincard = start()) {
      assertThat(bincard.awaitEnd()).isEqualTo(1);
      assertThat(bincard.output())
          .contains("APPLICATION FAILED TO START")
          .contains("no database configured: set spring.datasource.url")
          .contains("no Redis configured: set spring.data.redis.url")
          .contains("SPRING_DATASOURCE_URL")
          .doesNotContain("at io.bincard");
    }
    assertThat(workingDirectory).isEmptyDirectory();
  }

  @Test
  void refuses_to_start_without_redis_alone() throws Exception {
    try (ChildProcess bincard = start("--spring.datasource.url=jdbc:postgresql://db.example/b")) {
      assertThat(bincard.awaitEnd()).isEqualTo(1);
      assertThat(bincard.output())
          .contains("no Redis configured: set spring.data.redis.url")
          .doesNotContain("no database configured");
    }
  }

  @Test
  void runs_on_the_servers_it_is_given() throws Exception {
    Path folder = workingDirectory.toRealPath().resolve("servers");
    try (ChildProcess servers = ChildProcess.start(BareApplication.class, folder)) {
      servers.awaitReady();
      String database = "127.0.0.1:%d/bincard".formatted(servers.postgresPort());
      String redis = "127.0.0.1:" + servers.redisPort();
      try (ChildProcess bincard =
          start(
              "--spring.datasource.url=jdbc:postgresql://" + database,
              "--spring.datasource.username=bincard",
              "--spring.flyway.user=bincard_owner",
              "--spring.data.redis.url=redis://" + redis)) {
        assertThat(bincard.awaitReady())
            .contains("PostgreSQL at " + database, "Redis at " + redis)
            .doesNotContain("embedded");
        bincard.signal("TERM");
        bincard.awaitEnd();
        assertThat(bincard.output()).doesNotContain(" ERROR ");
      }
      servers.signal("TERM");
      servers.awaitEnd();
    }
    assertThat(ChildProcess.serversOf(folder)).isEmpty();
  }

  @Test
  void runs_its_jobs_and_says_what_they_lack() throws Exception {
    try (ChildProcess help = start("reprice", "--help")) {
      assertThat(help.awaitEnd()).isZero();
      assertThat(help.output()).contains("java -jar bincard.jar reprice", "--from=INSTANT");
    }
    try (ChildProcess nowhere = start("reprice")) {
      assertThat(nowhere.awaitEnd()).isEqualTo(2);
      assertThat(nowhere.output())
          .contains("no database configured: set --spring.datasource.url=")
          .doesNotContain("at io.bincard");
    }
    try (ChildProcess away =
        start(
            "reprice",
            "--spring.datasource.url=jdbc:postgresql://127.0.0.1:1/bincard",
            "--spring.datasource.username=bincard")) {
      assertThat(away.awaitEnd()).isEqualTo(2);
      assertThat(away.output()).doesNotContain("at io.bincard");
    }
    try (ChildProcess wrong = start("what-if", "--polices=here")) {
      assertThat(wrong.awaitEnd()).isEqualTo(2);
      assertThat(wrong.output()).contains("no option --polices; see --help");
    }
    assertThat(workingDirectory).isEmptyDirectory();
  }

  private ChildProcess start(String... arguments) throws IOException {
    return ChildProcess.startJar(JAR, workingDirectory, arguments);
  }
}
