package io.bincard.application.discount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.application.policy.PolicyFile;
import io.bincard.application.policy.PolicyReader;
import io.bincard.application.policy.PolicyReading;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.application.writer.SingleWriterCommandBus;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.json.JsonMapper;

/** A folder of policies while it is edited as people and programs edit files. */
@ExtendWith(OutputCaptureExtension.class)
class PolicyWatcherIT {

  private static final String QUOTE =
      "{\"lines\":[{\"sku\":\"MUG\",\"quantity\":1,\"unitPrice\":{\"amount\":10000,\"currency\":\"GBP\"}}]}";

  @TempDir private Path root;
  private Path folder;
  private @Nullable RunningBincard running;

  @BeforeEach
  void fill() throws IOException {
    folder = root.resolve("policies");
    Files.createDirectories(folder.resolve("prod"));
    Files.writeString(folder.resolve("base.toml"), policy(10));
  }

  @AfterEach
  void stop() {
    bincard().close();
  }

  private RunningBincard bincard() {
    return Objects.requireNonNull(running);
  }

  private List<String> settings(String... more) {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("bincard.policies.folder=" + folder);
    all.add("bincard.policies.environment=prod");
    return all;
  }

  private void start(String... more) {
    running = RunningBincard.withOwnLedger(settings(more).toArray(String[]::new));
    awaitPrice(9_000);
  }

  /** Runs {@code meanwhile} while nobody watches the folder. */
  private void restart(Deed meanwhile) throws Exception {
    String ledger = bincard().property("bincard.ledger");
    bincard().close();
    meanwhile.run();
    running = RunningBincard.onLedger(ledger, settings().toArray(String[]::new));
  }

  private interface Deed {
    void run() throws Exception;
  }

  private void awaitPrice(long price) {
    await().untilAsserted(() -> assertThat(price()).isEqualTo(price));
  }

  private static String policy(int percent) {
    return "currency = \"GBP\"\n[[rule]]\nid = \"all\"\npercent-off = " + percent + "\n";
  }

  private long price() throws Exception {
    return JsonMapper.shared()
        .readTree(bincard().post("/v1/quotes", "none", QUOTE).body())
        .at("/finalPrice/amount")
        .asLong(-1);
  }

  private void move(String name, String content) throws IOException {
    Path next = folder.resolve(name + ".tmp");
    Files.writeString(next, content);
    Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private void moveBytes(String name, byte[] content) throws IOException {
    Path next = folder.resolve(name + ".tmp");
    Files.write(next, content);
    Files.move(next, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }

  private static String command(int percent) {
    PolicyReading reading =
        PolicyReader.read(List.of(new PolicyFile("base.toml", 0, policy(percent))));
    CanonicalPolicy policy = CanonicalPolicy.of(((PolicyReading.Read) reading).policy());
    return JsonMapper.shared()
        .writeValueAsString(
            Map.of("fingerprint", policy.fingerprint().value(), "content", policy.json()));
  }

  /** Commands the version of {@code percent} to be in force, or staged. */
  private void put(String where, int percent) throws Exception {
    HttpResponse<String> answer =
        bincard().send("PUT", "/v1/policies/" + where, where + "-" + percent, command(percent));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
  }

  private long events(String type) {
    return bincard()
        .sql()
        .sql("select count(*) from event_journal where type = :type")
        .param("type", type)
        .query(Long.class)
        .single();
  }

  private long rejections() {
    return events("policy-rejected");
  }

  private String rejection() {
    return bincard()
        .sql()
        .sql("select payload from event_journal where type = 'policy-rejected'")
        .query(String.class)
        .single();
  }

  private void awaitOlder() {
    await()
        .until(
            () ->
                bincard()
                        .bean(MeterRegistry.class)
                        .get("bincard.policies.reload")
                        .tag("outcome", "older")
                        .timer()
                        .count()
                    == 1);
  }

  @Test
  void a_file_that_is_moved_in_is_in_force_at_once() throws Exception {
    start();
    for (int percent = 20; percent < 40; percent++) {
      move("base.toml", policy(percent));
      long price = 10_000 - 100L * percent;
      awaitPrice(price);
    }
  }

  @Test
  void a_file_that_is_written_in_place_counts_when_it_is_whole() throws Exception {
    start("bincard.policies.written=3s");
    Path base = folder.resolve("base.toml");
    String whole = policy(20);
    int middle = whole.lastIndexOf('0');
    Files.writeString(base, whole.substring(0, middle)); // a policy, too: 2 percent off
    await().during(Duration.ofMillis(300)).until(() -> price() == 9_000);
    Files.writeString(base, whole.substring(middle), StandardOpenOption.APPEND);

    awaitPrice(8_000);
    assertThat(rejections()).isZero();
    assertThat(events("policy-activated")).isEqualTo(2);
  }

  @Test
  void a_broken_file_is_refused_and_remembered_and_the_version_before_stays() throws Exception {
    start();
    move("prod/sale.toml", "[[rule]]\nid = \"all\"\npercent-off = 120\n");

    await().untilAsserted(() -> assertThat(rejections()).isEqualTo(1));
    assertThat(price()).isEqualTo(9_000);
    assertThat(rejection())
        .contains("prod/sale.toml:3: rule[all].percent-off: expected a percentage from 0 to 100");

    move("prod/sale.toml", "[[rule]]\nid = \"all\"\npercent-off = 30\n");
    awaitPrice(7_000);
  }

  @Test
  void what_editors_leave_beside_a_file_changes_nothing() throws Exception {
    start();
    Files.writeString(folder.resolve(".base.toml.swp"), policy(99));
    Files.writeString(folder.resolve("base.toml~"), policy(99));
    move("base.toml", policy(15));

    awaitPrice(8_500);
  }

  @Test
  void a_file_that_is_no_text_is_refused_once_and_remembered() throws Exception {
    start("bincard.policies.look-every=10ms");
    moveBytes("prod/sale.toml", new byte[] {(byte) 0xff});

    await().untilAsserted(() -> assertThat(rejections()).isEqualTo(1));
    assertThat(rejection()).contains("prod/sale.toml: expected UTF-8, found other bytes");
    assertThat(price()).isEqualTo(9_000);

    move("prod/sale.toml", "[[rule]]\nid = \"all\"\npercent-off = 30\n");
    awaitPrice(7_000);
    assertThat(rejections()).isEqualTo(1);
  }

  @Test
  void a_file_that_breaks_the_reader_is_refused_and_the_next_one_counts() throws Exception {
    start();
    move("base.toml", "currency = " + "[".repeat(200_000));

    await().untilAsserted(() -> assertThat(rejections()).isEqualTo(1));
    assertThat(rejection()).contains("base.toml");

    move("base.toml", policy(30));
    awaitPrice(7_000);
  }

  /** As Kubernetes mounts a ConfigMap: files link to a link to a folder, which alone changes. */
  @Test
  void another_config_map_is_in_force() throws Exception {
    for (int version = 1; version <= 2; version++) {
      Path data = Files.createDirectories(folder.resolve(".." + version));
      Files.writeString(data.resolve("base.toml"), policy(10 * version));
    }
    Files.delete(folder.resolve("base.toml"));
    Files.createSymbolicLink(folder.resolve("..data"), Path.of("..1"));
    Files.createSymbolicLink(folder.resolve("base.toml"), Path.of("..data", "base.toml"));
    start();

    Files.createSymbolicLink(folder.resolve("..tmp"), Path.of("..2"));
    Files.move(folder.resolve("..tmp"), folder.resolve("..data"), StandardCopyOption.ATOMIC_MOVE);

    awaitPrice(8_000);
  }

  @Test
  void a_folder_that_goes_away_changes_nothing_and_counts_when_it_comes_back(CapturedOutput logged)
      throws Exception {
    start("bincard.policies.look-every=10ms");
    Files.move(folder, root.resolve("away"));
    await().during(Duration.ofMillis(500)).until(() -> price() == 9_000);
    assertThat(logged.getOut()).containsOnlyOnce("The folder of policies is not there");

    Path back = Files.createDirectories(root.resolve("back"));
    Files.writeString(back.resolve("base.toml"), policy(50));
    Files.move(back, folder);
    awaitPrice(5_000);
    assertThat(logged.getOut()).doesNotContain("The folder of policies has no file");
  }

  @Test
  void a_folder_without_files_is_told_of_once_and_changes_nothing(CapturedOutput logged)
      throws Exception {
    start("bincard.policies.look-every=10ms");
    Files.move(folder.resolve("base.toml"), root.resolve("away"));
    await().during(Duration.ofMillis(500)).until(() -> price() == 9_000);

    assertThat(logged.getOut()).containsOnlyOnce("The folder of policies has no file of a policy");
    assertThat(events("policy-activated")).isEqualTo(1);
  }

  @Test
  void a_version_that_was_only_staged_is_in_force_when_its_files_come_with_a_restart()
      throws Exception {
    start();
    put("staged", 40);
    restart(() -> Files.writeString(folder.resolve("base.toml"), policy(40)));

    awaitPrice(6_000);
  }

  @Test
  void a_restart_does_not_go_behind_a_command_until_a_file_changes() throws Exception {
    start();
    move("base.toml", policy(20));
    awaitPrice(8_000);
    put("in-force", 10);
    restart(() -> {});

    awaitOlder();
    assertThat(price()).isEqualTo(9_000);

    move("base.toml", policy(30));
    awaitPrice(7_000);
  }

  /** A watcher whose commands pass by {@code before} on their way. */
  private PolicyWatcher watcher(Consumer<CommandMessage<?>> before) {
    CommandGateway gateway = bincard().bean(CommandGateway.class);
    CommandGateway passing =
        (CommandGateway)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {CommandGateway.class},
                (proxy, method, arguments) -> {
                  before.accept((CommandMessage<?>) arguments[0]);
                  try {
                    return method.invoke(gateway, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    return new PolicyWatcher(
        new PolicyProperties(
            folder.toString(),
            "prod",
            Duration.ofMillis(5),
            Duration.ofMillis(300),
            Duration.ofSeconds(10),
            256,
            Duration.ofMillis(100),
            Duration.ofMinutes(1),
            DataSize.ofMegabytes(1)),
        passing,
        bincard().bean(SingleWriterCommandBus.class),
        bincard().bean(PolicyTimeline.class),
        bincard().bean(PolicyShelf.class),
        bincard().bean(RecentCarts.class),
        InstantSource.system(),
        bincard().bean(PolicyReloads.class));
  }

  @Test
  void what_is_commanded_while_files_are_taken_stays() throws Exception {
    running = RunningBincard.withOwnLedger();
    List<CommandMessage<?>> sent = new CopyOnWriteArrayList<>();
    PolicyWatcher watcher =
        watcher(
            message -> {
              sent.add(message);
              if (sent.size() == 3) {
                try {
                  put("in-force", 10);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    watcher.start();
    try {
      awaitPrice(9_000);
      move("base.toml", policy(20));
      awaitPrice(8_000);
      move("base.toml", policy(30));

      awaitOlder();
      assertThat(price()).isEqualTo(9_000);
      assertThat(sent).hasSize(3);

      move("base.toml", policy(40));
      awaitPrice(6_000);
    } finally {
      watcher.stop();
    }
    assertThat(sent)
        .hasSize(4)
        .allSatisfy(
            message -> {
              assertThat(KeyedCommands.keyOf(message).client())
                  .isNotEqualTo(CommandKey.of("any").client());
              assertThat(message.getMetaData())
                  .as("is never sent on to another node")
                  .containsKey(KeyedCommands.FORWARDED);
            });
  }

  @Test
  void what_is_staged_while_files_are_taken_does_not_keep_them_back() throws Exception {
    running = RunningBincard.withOwnLedger();
    AtomicInteger sent = new AtomicInteger();
    PolicyWatcher watcher =
        watcher(
            message -> {
              if (sent.incrementAndGet() == 2) {
                try {
                  put("staged", 99);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    watcher.start();
    try {
      awaitPrice(9_000);
      move("base.toml", policy(20));
      awaitPrice(8_000);
      assertThat(sent).hasValue(3);
    } finally {
      watcher.stop();
    }
  }
}
