package io.bincard.application.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.diagnostics.FailureAnalyzedException;

class DataFolderTest {

  @TempDir Path temporary;

  @Test
  void is_created_for_its_owner_alone() throws Exception {
    try (DataFolder folder = DataFolder.take(temporary.resolve("a/b"))) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.path())))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void is_held_by_one_at_a_time_and_free_again_when_given_back() {
    Path path = temporary.resolve("data");
    try (DataFolder first = DataFolder.take(path)) {
      assertThat(first.path()).isDirectory();
      assertThatThrownBy(() -> DataFolder.take(path))
          .isInstanceOf(FailureAnalyzedException.class)
          .hasMessageContaining("Another Bincard is using the data directory");
    }
    try (DataFolder again = DataFolder.take(path)) {
      assertThat(again.path()).isDirectory();
    }
  }

  @Test
  void is_the_same_folder_under_another_name() throws Exception {
    Path path = Files.createDirectory(temporary.resolve("data"));
    Path other = Files.createSymbolicLink(temporary.resolve("other"), path);
    try (DataFolder first = DataFolder.take(path)) {
      assertThat(first.path()).isEqualTo(path.toRealPath());
      assertThatThrownBy(() -> DataFolder.take(other)).isInstanceOf(FailureAnalyzedException.class);
    }
  }

  @Test
  void is_refused_with_a_remedy_if_it_cannot_be_a_folder() throws Exception {
    Path file = Files.writeString(temporary.resolve("file"), "");
    assertThatThrownBy(() -> DataFolder.take(file.resolve("data")))
        .isInstanceOfSatisfying(
            FailureAnalyzedException.class,
            e -> assertThat(e.analysis().getAction()).contains("bincard.embedded.data-directory"));
  }

  @ParameterizedTest
  @CsvSource({
    "' ', 0, 0, 60, 30, data-directory",
    "a, -1, 0, 60, 30, postgres-port",
    "a, 0, 65536, 60, 30, redis-port",
    "a, 0, 0, 0, 30, start-timeout",
    "a, 0, 0, 60, -1, stop-timeout",
  })
  void settings_that_cannot_be_meant_are_refused_by_name(
      String folder, int postgres, int redis, long start, long stop, String name) {
    assertThatThrownBy(
            () ->
                new EmbeddedProperties(
                    folder, postgres, redis, Duration.ofSeconds(start), Duration.ofSeconds(stop)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bincard.embedded." + name);
  }

  @Test
  void a_log_is_put_aside_when_it_is_long_and_its_tail_is_read_from_where_a_run_began()
      throws Exception {
    ServerLog log = new ServerLog(temporary.resolve("server.log"));
    assertThat(log.rotate()).isZero();
    assertThat(log.tail(0)).isEmpty();

    Files.writeString(log.file(), "old\n");
    long before = log.rotate();
    Files.writeString(log.file(), "old\nnew\n");
    assertThat(log.tail(before)).isEqualTo("new");

    Files.writeString(log.file(), "x".repeat(11 << 20));
    assertThat(log.rotate()).isZero();
    assertThat(log.file()).doesNotExist();
    assertThat(temporary.resolve("server.log.1")).exists();
  }
}
