package io.bincard.application.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bincard.application.Bincard;
import io.bincard.application.fixture.ChildProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The folder was used before: by a first start that was left in good order. */
class EmbeddedServersIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir static Path temporary;

  private static final String FIRST = UUID.randomUUID().toString();

  private static Path folder = Path.of("");
  private static String firstOutput = "";
  private static List<String> firstLogs = List.of();

  @BeforeAll
  static void firstStart() throws Exception {
    folder = temporary.toRealPath().resolve("data");
    try (ChildProcess first = start()) {
      first.awaitReady();
      store(first, FIRST);
      first.signalGroup("INT");
      first.awaitEnd();
      firstOutput = first.output();
    }
    firstLogs =
        List.of(
            Files.readString(folder.resolve("log/postgres.log")).strip(),
            Files.readString(folder.resolve("log/redis.log")).strip());
    assertNoServers();
    copy(folder.resolve("postgres"), Files.createDirectory(other("port taken")));
  }

  @AfterAll
  static void leaveNoProcess() throws IOException {
    List<ProcessHandle> left = ChildProcess.serversOf(temporary.toRealPath());
    left.forEach(ProcessHandle::destroyForcibly);
    assertThat(left).isEmpty();
  }

  @Test
  void the_first_start_unpacks_and_creates_what_it_needs() {
    assertThat(firstOutput)
        .containsOnlyOnce("Unpacking PostgreSQL")
        .containsOnlyOnce("Unpacking Redis")
        .containsOnlyOnce("Creating the PostgreSQL");
  }

  @Test
  void ctrl_c_in_a_terminal_reaches_the_servers_only_after_the_application_closed() {
    assertThat(firstOutput).contains(BareApplication.CLOSED).doesNotContain("ERROR", "WARN");
    assertThat(firstLogs.get(0)).endsWith("database system is shut down");
    assertThat(firstLogs.get(1)).endsWith("Redis is now ready to exit, bye bye...");
  }

  /** One Bincard on the folder, which these tests share and leave as it is. */
  @Nested
  class WhileOneRuns {

    private static int postgres;
    private static int redis;
    private static ChildProcess running;

    @BeforeAll
    static void startOne() throws Exception {
      postgres = LoopbackPort.choose(0);
      redis = LoopbackPort.choose(0);
      running =
          start(
              "--bincard.embedded.postgres-port=" + postgres,
              "--bincard.embedded.redis-port=" + redis);
      running.awaitReady();
    }

    @AfterAll
    static void stopIt() throws Exception {
      try (ChildProcess bincard = running) {
        stop(bincard);
      }
      assertNoServers();
    }

    /** The two that serve; PostgreSQL's own children come and go. */
    private static List<ServerProcess> servers() {
      return Stream.concat(
              ServerProcess.running("postgres", folder.resolve("postgres")).stream(),
              ServerProcess.running("redis-server", folder.resolve("redis/redis.conf")).stream())
          .toList();
    }

    @Test
    void data_survives_a_clean_stop() throws Exception {
      assertStored(running, FIRST);
      assertThat(running.output()).doesNotContain("Unpacking", "Creating", "Stopping");
    }

    @Test
    void the_servers_are_durable_private_and_where_they_were_told_to_be() throws Exception {
      assertThat(running.postgresPort()).isEqualTo(postgres);
      assertThat(running.redisPort()).isEqualTo(redis);
      for (String safety : List.of("fsync", "synchronous_commit", "full_page_writes")) {
        assertThat(running.sql("SHOW " + safety)).as(safety).isEqualTo("on");
      }
      assertThat(running.sql("SHOW listen_addresses")).isEqualTo("127.0.0.1");
      assertThat(running.sql("SHOW data_checksums")).isEqualTo("on");
      assertThat(running.sql("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"))
          .isEqualTo("f");
      for (String setting :
          List.of("maxmemory-policy noeviction", "appendonly yes", "bind 127.0.0.1")) {
        assertThat(Files.readString(folder.resolve("redis/redis.conf"))).contains(setting);
      }
    }

    @Test
    void a_second_bincard_on_the_same_folder_is_refused_and_touches_nothing() throws Exception {
      List<ServerProcess> before = servers();
      try (ChildProcess second = start()) {
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.output())
            .contains("APPLICATION FAILED TO START")
            .contains("Another Bincard is using the data directory " + folder + ": process ")
            .doesNotContain("at io.bincard");
      }
      assertThat(servers()).hasSize(2).isEqualTo(before);
      assertThat(running.sql("SELECT 1")).isEqualTo("1");
      assertThat(running.redis("PING")).isEqualTo("+PONG");
    }

    @Test
    void a_configured_port_that_is_taken_is_named() throws Exception {
      Path other = withPrograms(other("port taken"));
      try (ChildProcess second =
          ChildProcess.start(
              BareApplication.class,
              other,
              "--spring.datasource.url=jdbc:postgresql://db.example/bincard",
              "--bincard.embedded.redis-port=" + redis)) {
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.output())
            .contains("did not start on port " + redis)
            .contains("bincard.embedded.redis-port");
      }
      try (ChildProcess second =
          ChildProcess.start(
              BareApplication.class, other, "--bincard.embedded.postgres-port=" + postgres)) {
        assertThat(second.awaitEnd()).isEqualTo(1);
        assertThat(second.output())
            .contains("did not start on port " + postgres)
            .contains("bincard.embedded.postgres-port");
      }
      assertThat(ChildProcess.serversOf(other)).isEmpty();
    }
  }

  /** Every test finds no process and leaves none. */
  @Nested
  class FromStartToEnd {

    @AfterEach
    void leaveNone() throws IOException {
      leaveNoProcess();
    }

    @Test
    void the_product_itself_starts_with_one_line_and_stops_on_ctrl_c() throws Exception {
      try (ChildProcess bincard = ChildProcess.start(Bincard.class, folder)) {
        assertThat(bincard.awaitReady())
            .contains("PostgreSQL 18.6 embedded", "Redis 7.0.15 embedded", "Try: curl -s -X POST");
        assertThat(bincard.output())
            .containsOnlyOnce("is ready:")
            .doesNotContain(" ERROR ", "WARNING: ");
        assertThat(URI.create(bincard.http()).getHost()).isEqualTo("127.0.0.1");
        assertThat(get(bincard.http() + ComposeFile.read().healthPath())).contains("\"UP\"");
        bincard.signalGroup("INT");
        bincard.awaitEnd();
        assertThat(bincard.output()).doesNotContain(" ERROR ");
      }
      assertNoServers();
    }

    @Test
    void a_killed_bincard_leaves_no_orphan_after_the_next_start_and_killed_servers_recover()
        throws Exception {
      String beforeTheKill = UUID.randomUUID().toString();
      String beforeAllWereKilled = UUID.randomUUID().toString();
      List<ProcessHandle> orphans;
      try (ChildProcess bincard = start()) {
        bincard.awaitReady();
        store(bincard, beforeTheKill);
        kill(bincard);
        orphans = ChildProcess.serversOf(folder);
        assertThat(orphans).hasSizeGreaterThan(1);
      }
      try (ChildProcess next = start()) {
        next.awaitReady();
        assertThat(next.output())
            .contains("Stopping the embedded PostgreSQL that a killed Bincard left running")
            .contains("Stopping the embedded Redis that a killed Bincard left running");
        assertThat(orphans).noneMatch(ChildProcess.serversOf(folder)::contains);
        assertStored(next, beforeTheKill);
        store(next, beforeAllWereKilled);
        kill(next);
        ChildProcess.serversOf(folder).forEach(ProcessHandle::destroyForcibly);
        assertNoServers();
      }
      try (ChildProcess last = start()) {
        last.awaitReady();
        assertThat(last.sql(kept(beforeAllWereKilled))).isEqualTo("1");
        stop(last);
      }
      assertNoServers();
    }

    @Test
    void the_database_of_an_older_folder_is_taken_from_the_applications_role() throws Exception {
      try (ChildProcess older = start()) {
        older.awaitReady();
        older.sql("postgres", "ALTER DATABASE bincard OWNER TO bincard");
        older.sql("CREATE SCHEMA aged");
        older.sql("CREATE TABLE aged.ledger AS SELECT 7 AS kept");
        stop(older);
      }
      try (ChildProcess bincard = start()) {
        bincard.awaitReady();
        assertThat(
                bincard.sql(
                    "SELECT string_agg(DISTINCT owner::regrole::text, ',') FROM (SELECT datdba AS owner"
                        + " FROM pg_database WHERE datname = 'bincard' UNION SELECT relowner FROM pg_class"
                        + " WHERE relnamespace = 'aged'::regnamespace) o"))
            .isEqualTo("bincard_owner");
        assertThat(bincard.sql("bincard_owner", "SELECT kept FROM aged.ledger")).isEqualTo("7");
        assertThatThrownBy(() -> bincard.sql("SELECT kept FROM aged.ledger"))
            .hasMessageContaining("permission denied");
        bincard.sql("bincard_owner", "DROP SCHEMA aged CASCADE");
        stop(bincard);
      }
    }

    @Test
    void a_server_of_the_users_own_is_not_started() throws Exception {
      try (ChildProcess bincard =
          start("--spring.data.redis.url=redis://someone:secret@redis.example:6379/3")) {
        assertThat(bincard.awaitReady())
            .contains("PostgreSQL 18.6 embedded", "Redis at redis.example:6379/3")
            .doesNotContain("secret");
        assertThat(ServerProcess.running("redis-server", folder.resolve("redis/redis.conf")))
            .isEmpty();
        kill(bincard);
      }
      ChildProcess.serversOf(folder).forEach(ProcessHandle::destroyForcibly);
      assertNoServers();
    }

    @Test
    void a_start_that_was_cut_off_in_the_middle_is_done_again() throws Exception {
      Path fresh = Files.createDirectory(other("cut off"));
      Files.createDirectories(fresh.resolve("programs/unpacking-123/bin"));
      Files.createDirectories(fresh.resolve("postgres.unfinished/base"));
      Files.writeString(fresh.resolve("postgres.unfinished/PG_VERSION"), "18\n");
      try (ChildProcess bincard = ChildProcess.start(BareApplication.class, fresh)) {
        bincard.awaitReady();
        assertThat(bincard.sql("SELECT 1")).isEqualTo("1");
        assertThat(fresh.resolve("programs/unpacking-123")).doesNotExist();
        assertThat(fresh.resolve("postgres.unfinished")).doesNotExist();
        stop(bincard);
      }
      assertThat(ChildProcess.serversOf(fresh)).isEmpty();
    }

    @Test
    void the_data_of_another_major_version_is_refused() throws Exception {
      Path old = withPrograms(Files.createDirectory(other("old")));
      Files.createDirectory(old.resolve("postgres"));
      Files.writeString(old.resolve("postgres/PG_VERSION"), "17\n");
      try (ChildProcess bincard = ChildProcess.start(BareApplication.class, old)) {
        assertThat(bincard.awaitEnd()).isEqualTo(1);
        assertThat(bincard.output())
            .contains("holds the data of PostgreSQL 17; this Bincard brings PostgreSQL 18.6")
            .doesNotContain("at io.bincard");
      }
    }

    @Test
    void a_folder_that_is_no_data_directory_is_refused_and_kept() throws Exception {
      Path other = withPrograms(Files.createDirectory(other("other")));
      Files.createDirectory(other.resolve("postgres"));
      Path precious = Files.writeString(other.resolve("postgres/precious.txt"), "mine");
      try (ChildProcess bincard = ChildProcess.start(BareApplication.class, other)) {
        assertThat(bincard.awaitEnd()).isEqualTo(1);
        assertThat(bincard.output()).contains("is not empty and is no PostgreSQL data directory");
      }
      assertThat(precious).hasContent("mine");
    }
  }

  private static ChildProcess start(String... arguments) throws IOException {
    return ChildProcess.start(BareApplication.class, folder, arguments);
  }

  /** Asks it to end; its last words say that both servers were still there. */
  private static void stop(ChildProcess bincard) throws Exception {
    bincard.signal("TERM");
    bincard.awaitEnd();
    assertThat(bincard.output()).contains(BareApplication.CLOSED);
  }

  private static void kill(ChildProcess bincard) throws Exception {
    bincard.signal("KILL");
    bincard.awaitEnd();
  }

  /** A data folder of its own. */
  private static Path other(String name) throws IOException {
    return temporary.toRealPath().resolve(name);
  }

  /** {@code other}, with the programs that the first start unpacked. */
  private static Path withPrograms(Path other) throws IOException {
    Files.createSymbolicLink(other.resolve("programs"), folder.resolve("programs"));
    return other;
  }

  /** Copies a folder with its permissions, which PostgreSQL looks at. */
  private static void copy(Path from, Path into) throws Exception {
    assertThat(new ProcessBuilder("cp", "-a", "" + from, "" + into).start().waitFor()).isZero();
  }

  private static void store(ChildProcess bincard, String value) throws Exception {
    bincard.sql("bincard_owner", "CREATE TABLE IF NOT EXISTS kept (value text)");
    bincard.sql("bincard_owner", "GRANT ALL ON kept TO bincard");
    bincard.sql("INSERT INTO kept VALUES ('" + value + "')");
    assertThat(bincard.redis("SET " + value + " kept")).isEqualTo("+OK");
  }

  private static String kept(String value) {
    return "SELECT count(*) FROM kept WHERE value = '" + value + "'";
  }

  private static void assertStored(ChildProcess bincard, String value) throws Exception {
    assertThat(bincard.sql(kept(value))).isEqualTo("1");
    assertThat(bincard.redis("GET " + value)).isEqualTo("kept");
  }

  private static void assertNoServers() {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(ChildProcess.serversOf(folder)).isEmpty());
  }

  private static String get(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
          .body();
    }
  }
}
