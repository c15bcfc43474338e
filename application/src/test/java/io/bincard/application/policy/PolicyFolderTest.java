package io.bincard.application.policy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PolicyFolderTest {

  @TempDir private Path folder;
  private PolicyFolder policies;

  @BeforeEach
  void open() {
    policies = new PolicyFolder(folder, "prod");
  }

  private void write(String name, byte[] content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  private void write(String name) throws IOException {
    write(name, ("# " + name).getBytes(UTF_8));
  }

  @Test
  void reads_what_holds_everywhere_and_what_holds_in_the_environment() throws IOException {
    write("base.toml");
    write("more.toml");
    write("prod/sale.toml");
    write("dev/sale.toml");

    assertThat(policies.read())
        .containsExactly(
            new PolicyFile("base.toml", 0, "# base.toml"),
            new PolicyFile("more.toml", 0, "# more.toml"),
            new PolicyFile("prod/sale.toml", 1, "# prod/sale.toml"));
  }

  @Test
  void passes_over_what_editors_leave_beside_a_file() throws IOException {
    for (String name :
        new String[] {
          ".base.toml.swp",
          "base.toml~",
          "#base.toml#",
          ".#base.toml",
          "base.toml.lock",
          ".base.toml",
          "base.toml.tmp",
          "4913",
          "readme.md"
        }) {
      write(name);
    }
    Files.createDirectories(folder.resolve("folder.toml"));

    assertThat(policies.read()).isEmpty();
  }

  @Test
  void a_folder_that_is_not_there_has_no_files() throws IOException {
    assertThat(new PolicyFolder(folder.resolve("nowhere"), "prod").read()).isEmpty();
  }

  @Test
  void names_every_file_that_is_no_text() throws IOException {
    write("base.toml", new byte[] {(byte) 0xc3});
    write("more.toml");
    write("prod/sale.toml", new byte[] {(byte) 0xff, (byte) 0xfe});

    assertThatExceptionOfType(PolicyFolder.UnreadableException.class)
        .isThrownBy(policies::read)
        .satisfies(
            refused -> {
              assertThat(refused.errors())
                  .extracting(PolicyError::toString)
                  .containsExactly(
                      "base.toml: expected UTF-8, found other bytes",
                      "prod/sale.toml: expected UTF-8, found other bytes");
              assertThat(refused.isPassing()).isFalse();
            });
  }

  @Test
  void names_the_file_with_which_all_together_are_too_large() throws IOException {
    write("base.toml", new byte[60]);
    write("prod/a.toml", new byte[40]);

    assertThat(new PolicyFolder(folder, "prod", 100).read()).hasSize(2);
    assertThatExceptionOfType(PolicyFolder.UnreadableException.class)
        .isThrownBy(new PolicyFolder(folder, "prod", 99)::read)
        .withMessage(
            "prod/a.toml: expected at most 99 bytes in all files together, found more of them");
  }

  @Test
  void names_the_folder_with_too_many_files() throws IOException {
    for (int i = 0; i < PolicyFolder.MAX_FILES; i++) {
      write("prod/" + i + ".toml");
    }
    assertThat(policies.read()).hasSize(PolicyFolder.MAX_FILES);

    write("prod/more.toml");
    assertThatExceptionOfType(PolicyFolder.UnreadableException.class)
        .isThrownBy(policies::read)
        .withMessage("prod: expected at most 1000 files, found more of them");
  }

  /** What somebody does to the folder, by command line or by program. */
  private interface Deed {
    void in(Path folder) throws IOException;
  }

  private static Arguments deed(String name, Deed deed) {
    return Arguments.of(Named.of(name, deed));
  }

  static Stream<Arguments> whatIsSeen() {
    FileTime longAgo = FileTime.fromMillis(0);
    return Stream.of(
        deed(
            "a file is moved in",
            in -> {
              Files.writeString(in.resolve("next.tmp"), "# new");
              Files.move(in.resolve("next.tmp"), in.resolve("base.toml"), REPLACE_EXISTING);
            }),
        deed(
            "a file as large and as old is moved in",
            in -> {
              Path next = Files.writeString(in.resolve("next.tmp"), "# new");
              Files.setLastModifiedTime(next, Files.getLastModifiedTime(in.resolve("base.toml")));
              Files.move(next, in.resolve("base.toml"), REPLACE_EXISTING);
            }),
        deed("a file grows", in -> Files.writeString(in.resolve("prod/sale.toml"), "# longer")),
        deed(
            "a file as large is written",
            in -> Files.setLastModifiedTime(in.resolve("prod/sale.toml"), longAgo)),
        deed("a file is deleted", in -> Files.delete(in.resolve("prod/sale.toml"))),
        deed(
            "the environment's folder is swapped",
            in -> {
              Files.createDirectories(in.resolve("new"));
              Files.move(in.resolve("prod"), in.resolve("old"));
              Files.move(in.resolve("new"), in.resolve("prod"));
            }),
        deed(
            "the folder is swapped",
            in -> {
              Files.move(in, in.resolveSibling("old"));
              Files.createDirectories(in);
            }),
        deed(
            "the folder is swapped for one with the same files",
            in -> {
              Path old = Files.move(in, in.resolveSibling("old"));
              Files.createDirectories(in.resolve("prod"));
              for (String each : List.of("base.toml", "prod/sale.toml")) {
                Files.move(old.resolve(each), in.resolve(each));
              }
            }));
  }

  @ParameterizedTest
  @MethodSource("whatIsSeen")
  void sees_from_outside_that(Deed deed) throws IOException {
    Path inner = folder.resolve("policies");
    write("policies/base.toml", "# old".getBytes(UTF_8));
    write("policies/prod/sale.toml", "# old".getBytes(UTF_8));
    PolicyFolder watched = new PolicyFolder(inner, "prod");
    PolicyFolder.Stamp before = watched.stamp();
    assertThat(watched.stamp()).isEqualTo(before);

    deed.in(inner);

    assertThat(watched.stamp()).isNotEqualTo(before);
  }

  /** As Kubernetes mounts a ConfigMap: files link to a link to a folder, which alone changes. */
  @Test
  void sees_from_outside_that_the_link_behind_all_files_leads_elsewhere() throws IOException {
    write("..1/base.toml", "# old".getBytes(UTF_8));
    write("..2/base.toml", "# new".getBytes(UTF_8));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(folder.resolve("base.toml"), Path.of("..data", "base.toml"));
    PolicyFolder.Stamp before = policies.stamp();

    Files.createSymbolicLink(folder.resolve("..next"), Path.of("..2"));
    Files.move(folder.resolve("..next"), folder.resolve("..data"), ATOMIC_MOVE);

    assertThat(policies.stamp()).isNotEqualTo(before);
    assertThat(policies.read()).containsExactly(new PolicyFile("base.toml", 0, "# new"));
  }

  @Test
  void sees_from_outside_that_the_folder_is_a_link_that_leads_elsewhere() throws IOException {
    Files.createDirectories(folder.resolve("1"));
    Files.createDirectories(folder.resolve("2"));
    Path link = Files.createSymbolicLink(folder.resolve("policies"), Path.of("1"));
    PolicyFolder watched = new PolicyFolder(link, "prod");
    PolicyFolder.Stamp before = watched.stamp();

    Files.delete(link);
    Files.createSymbolicLink(link, Path.of("2"));

    assertThat(watched.stamp()).isNotEqualTo(before);
  }

  @Test
  void does_not_see_what_is_no_policy() throws IOException {
    write("base.toml");
    PolicyFolder.Stamp before = policies.stamp();

    write("base.toml.tmp");
    write("dev/sale.toml");

    assertThat(policies.stamp()).isEqualTo(before);
  }

  /** Another program, for the locks of a JVM are its own. */
  private static final String HOLDER =
      """
      import java.nio.channels.FileChannel;
      import java.nio.file.Path;
      import java.nio.file.StandardOpenOption;

      class Holder {
        public static void main(String[] file) throws Exception {
          try (FileChannel channel = FileChannel.open(Path.of(file[0]), StandardOpenOption.WRITE);
              var lock = channel.lock()) {
            System.out.println("locked");
            System.in.read();
          }
        }
      }
      """;

  @Test
  void waits_for_the_end_of_a_file_that_its_writer_has_locked() throws Exception {
    write("base.toml");
    write("Holder.java", HOLDER.getBytes(UTF_8));
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                folder.resolve("Holder.java").toString(),
                folder.resolve("base.toml").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = holder.inputReader()) {
      assertThat(said.readLine()).isEqualTo("locked");

      assertThatThrownBy(policies::read)
          .isInstanceOf(PolicyFolder.LockedFileException.class)
          .hasMessage("base.toml is locked");

      holder.getOutputStream().close();
      assertThat(holder.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThat(policies.read()).hasSize(1);
    } finally {
      holder.destroyForcibly();
    }
  }
}
