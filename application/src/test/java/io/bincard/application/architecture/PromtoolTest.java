package io.bincard.application.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The rules and every expression of the dashboard, as Prometheus itself reads them. */
@EnabledIf(value = "isThere", disabledReason = PromtoolTest.WHY_NOT)
class PromtoolTest {

  static final String WHY_NOT =
      "There is no promtool on the PATH: the rules in deploy/prometheus and the dashboard are not tried by it.";

  private static final Path ROOT = Checkout.root();

  @TempDir Path folder;

  static boolean isThere() {
    boolean there =
        Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "promtool")));
    if (!there) {
      System.err.println("[WARNING] " + WHY_NOT);
    }
    return there;
  }

  private record Told(int status, String words) {}

  private static Told promtool(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(Stream.concat(Stream.of("promtool"), Arrays.stream(arguments)).toList())
            .directory(ROOT.toFile())
            .redirectErrorStream(true);
    builder.environment().put("GOGC", "400"); // or a fifth of its time goes into tidying its heap
    Process promtool = builder.start();
    promtool.getOutputStream().close();
    String words = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Told(promtool.waitFor(), words);
  }

  private static String[] withFiles(String verb, String folder) throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve(folder))) {
      return Stream.concat(
              Stream.of(verb, "rules"),
              files.filter(file -> file.toString().endsWith(".yml")).map(Path::toString).sorted())
          .toArray(String[]::new);
    }
  }

  /** A file of rules that record {@code expressions}. */
  private Path recording(List<String> expressions) throws IOException {
    List<Map<String, String>> rules =
        IntStream.range(0, expressions.size())
            .mapToObj(n -> Map.of("record", "dashboard:" + n, "expr", expressions.get(n)))
            .toList();
    return Files.writeString(
        folder.resolve("rules.yml"),
        new JsonMapper()
            .writeValueAsString(Map.of("groups", List.of(Map.of("name", "a", "rules", rules)))));
  }

  @Test
  void the_rules_can_be_read() throws Exception {
    Told told = promtool(withFiles("check", "deploy/prometheus"));

    assertThat(told.status()).as("%s", told.words()).isZero();
    assertThat(told.words()).contains("SUCCESS");
  }

  @Test
  void every_alert_fires_when_it_should_and_not_else() throws Exception {
    Told told = promtool(withFiles("test", "deploy/prometheus/tests"));

    assertThat(told.status()).as("%s", told.words()).isZero();
    assertThat(told.words()).contains("SUCCESS");
  }

  @Test
  void every_expression_of_a_dashboard_can_be_read() throws Exception {
    List<String> expressions =
        WatchFiles.in(Checkout.here())
            .askedByDashboards()
            .map(asked -> asked.expression().replace("$__rate_interval", "5m"))
            .toList();
    assertThat(expressions).hasSizeGreaterThan(20);

    Told told = promtool("check", "rules", recording(expressions).toString());

    assertThat(told.status()).as("%s", told.words()).isZero();
  }

  @Test
  void an_expression_that_cannot_be_read_is_told() throws Exception {
    Told told = promtool("check", "rules", recording(List.of("sum(rate(up[5m])")).toString());

    assertThat(told.status()).isNotZero();
  }
}
