package io.bincard.application.discount;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;
import static java.nio.file.StandardWatchEventKinds.OVERFLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.discount.Quiet.Change;
import io.bincard.application.policy.PolicyFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A folder that is deployed to as people and programs do it, in the file system of this machine.
 */
@Timeout(60)
class FolderWatchIT {

  private static final Duration MOVED = Duration.ofMillis(5);
  private static final Duration WRITTEN = Duration.ofMillis(50);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofMinutes(10);

  @TempDir private Path root;
  private Path folder;
  private PolicyFolder policies;
  private @Nullable FolderWatch watch;

  @BeforeEach
  void fill() throws IOException {
    folder = Files.createDirectories(root.resolve("policies"));
    write("base.toml", "# old");
    write("prod/sale.toml", "# old");
    policies = new PolicyFolder(folder, "prod");
  }

  @AfterEach
  void close() {
    if (watch != null) {
      watch.close();
    }
  }

  private void write(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
  }

  private FolderWatch watch(Duration written, Duration longest, Duration look) {
    FolderWatch made = new FolderWatch(policies, new Quiet(MOVED, written, longest), MOVED, look);
    watch = made;
    return made;
  }

  private FolderWatch watch() {
    return watch(WRITTEN, LONG, LOOK);
  }

  /** What lies in the folder after the next change. */
  private String next(FolderWatch watching) throws Exception {
    while (!watching.rests() || !watching.stillRests()) {
      // nothing, or not the end of it
    }
    return String.join(", ", policies.read().stream().map(file -> file.content()).toList());
  }

  @Test
  void is_told_at_once_of_a_file_that_is_moved_in() throws Exception {
    FolderWatch told = watch(LONG, LONG, LONG);
    Path next = Files.writeString(folder.resolve("next.tmp"), "# new");
    Files.move(next, folder.resolve("base.toml"), ATOMIC_MOVE);

    assertThat(next(told)).isEqualTo("# new, # old");
  }

  @Test
  void is_told_of_a_file_in_the_folder_of_an_environment_that_came_later() throws Exception {
    Files.delete(folder.resolve("prod/sale.toml"));
    Files.delete(folder.resolve("prod"));
    FolderWatch told = watch(WRITTEN, LONG, LONG);

    Files.createDirectories(folder.resolve("prod"));
    assertThat(next(told)).isEqualTo("# old");

    write("prod/sale.toml", "# new");
    assertThat(next(told)).isEqualTo("# old, # new");
  }

  /** As Kubernetes mounts a ConfigMap: files link to a link to a folder, which alone changes. */
  @Test
  void finds_another_config_map() throws Exception {
    Files.delete(folder.resolve("base.toml"));
    write("..1/base.toml", "# 1");
    write("..2/base.toml", "# 2");
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(folder.resolve("base.toml"), Path.of("..data", "base.toml"));
    FolderWatch watching = watch();

    Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("..2"));
    Files.move(folder.resolve("..tmp"), folder.resolve("..data"), ATOMIC_MOVE);

    assertThat(next(watching)).isEqualTo("# 2, # old");
  }

  @Test
  void finds_another_folder_of_the_environment_and_hears_what_happens_in_it() throws Exception {
    write("new/sale.toml", "# new");
    FolderWatch watching = watch();

    Files.move(folder.resolve("prod"), folder.resolve("old"));
    Files.move(folder.resolve("new"), folder.resolve("prod"));
    assertThat(next(watching)).isEqualTo("# old, # new");

    write("prod/sale.toml", "# newer");
    assertThat(next(watching)).isEqualTo("# old, # newer");
  }

  @Test
  void finds_another_folder_behind_a_link_and_hears_what_happens_in_it() throws Exception {
    Path other = Files.createDirectories(root.resolve("other"));
    Files.writeString(other.resolve("base.toml"), "# other");
    Path link = Files.createSymbolicLink(root.resolve("link"), folder);
    policies = new PolicyFolder(link, "prod");
    FolderWatch watching = watch();

    Files.createSymbolicLink(root.resolve("next"), other);
    Files.move(root.resolve("next"), link, ATOMIC_MOVE);
    assertThat(next(watching)).isEqualTo("# other");

    Files.writeString(other.resolve("base.toml"), "# newer");
    assertThat(next(watching)).isEqualTo("# newer");
  }

  @Test
  void finds_a_folder_that_was_deleted_and_came_back() throws Exception {
    FolderWatch watching = watch();
    Files.move(folder, root.resolve("away"));
    assertThat(next(watching)).isEmpty();
    assertThat(watching.seen().folders()).isEmpty();

    write("base.toml", "# back");
    assertThat(next(watching)).isEqualTo("# back");
  }

  @Test
  void finds_a_folder_that_was_not_there_at_first() throws Exception {
    policies = new PolicyFolder(root.resolve("later"), "prod");
    FolderWatch watching = watch();
    assertThat(watching.rests()).isFalse();

    Files.move(folder, root.resolve("later"));
    assertThat(next(watching)).isEqualTo("# old, # old");
  }

  @Test
  void waits_for_what_comes_instead_of_a_file_that_went_away() throws Exception {
    FolderWatch watching = watch(LONG, Duration.ofMillis(200), LONG);
    long began = System.nanoTime();
    Files.delete(folder.resolve("base.toml"));

    assertThat(watching.rests()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(200));
  }

  @Test
  void waits_for_what_comes_behind_the_bytes_that_were_written() throws Exception {
    FolderWatch watching = watch(LONG, Duration.ofMillis(200), LONG);
    long began = System.nanoTime();
    write("base.toml", "# new");

    assertThat(watching.rests()).isTrue();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(200));
  }

  @Test
  void sees_what_changes_while_the_files_are_read() throws Exception {
    FolderWatch watching = watch();
    assertThat(watching.stillRests()).isTrue();

    write("base.toml", "# new");

    assertThat(watching.stillRests()).isFalse();
    assertThat(next(watching)).isEqualTo("# new, # old");
  }

  @Test
  void is_not_kept_from_its_end_by_what_is_no_policy() throws Exception {
    FolderWatch watching = watch(WRITTEN, LONG, LONG);
    Thread busy = writing("busy.tmp");
    try {
      write("base.toml", "# new");
      assertThat(next(watching)).isEqualTo("# new, # old");
    } finally {
      busy.interrupt();
      busy.join();
    }
  }

  @Test
  void ends_at_last_when_a_file_changes_without_end() throws Exception {
    FolderWatch watching = watch(LONG, Duration.ofMillis(200), LONG);
    Thread busy = writing("base.toml");
    try {
      assertThat(watching.rests()).isTrue();
    } finally {
      busy.interrupt();
      busy.join();
    }
  }

  /** Writes to a file again and again until it is interrupted. */
  private Thread writing(String name) {
    return Thread.ofPlatform()
        .start(
            () -> {
              try {
                for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                  Files.write(folder.resolve(name), new byte[i % 100]);
                }
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
  }

  /** What the system tells. */
  private record Told<T>(WatchEvent.Kind<T> kind, @Nullable T context) implements WatchEvent<T> {
    @Override
    public int count() {
      return 1;
    }
  }

  private @Nullable Change change(WatchEvent.Kind<Path> kind, String name) {
    return watch().change(new Told<>(kind, Path.of(name)), folder);
  }

  @Test
  void only_a_whole_file_that_comes_at_once_is_moved() throws IOException {
    write("empty.toml", "");

    assertThat(change(ENTRY_CREATE, "base.toml")).isEqualTo(Change.MOVED);
    assertThat(change(ENTRY_CREATE, "empty.toml")).isEqualTo(Change.WRITTEN);
    assertThat(change(ENTRY_CREATE, "gone.toml")).isEqualTo(Change.WRITTEN);
    assertThat(change(ENTRY_MODIFY, "base.toml")).isEqualTo(Change.WRITTEN);
    assertThat(change(ENTRY_DELETE, "base.toml")).isEqualTo(Change.WRITTEN);
  }

  @Test
  void more_than_the_system_could_tell_is_a_change() {
    assertThat(watch().change(new Told<>(OVERFLOW, null), folder)).isEqualTo(Change.WRITTEN);
  }

  @Test
  void only_files_of_policies_and_the_folder_of_the_environment_are_of_interest() {
    assertThat(change(ENTRY_CREATE, "prod")).isEqualTo(Change.WRITTEN);
    assertThat(change(ENTRY_DELETE, "prod")).isEqualTo(Change.WRITTEN);
    assertThat(change(ENTRY_CREATE, "dev")).isNull();
    assertThat(change(ENTRY_MODIFY, "base.toml.tmp")).isNull();
    assertThat(change(ENTRY_CREATE, ".base.toml.swp")).isNull();
  }
}
