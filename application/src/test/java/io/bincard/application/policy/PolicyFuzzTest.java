package io.bincard.application.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever stands in a file, it is read or refused: nothing is thrown at who watches the folder.
 */
class PolicyFuzzTest {

  private static final Pattern VALUE =
      Pattern.compile("\"[^\"\\n]*\"|[0-9][0-9:T.+-]*|\\[[^\\[\\]\\n]*\\]|\\{[^{}\\n]*\\}");

  private static final List<String> STRANGE =
      List.of(
          "nan",
          "-inf",
          "1e999999999",
          "-1e-999999999",
          "0e99999999999",
          "9223372036854775808",
          "0x7fffffffffffffff",
          "1" + "0".repeat(2_000),
          "true",
          "[]",
          "{}",
          "[[]]",
          "[{}]",
          "{ a.b.c = 1 }",
          "\"\"",
          "\"\\u0000\"",
          "\"\\ud83d\"",
          "\"\\u00\"",
          "\"9007199254740992.00 GBP\"",
          "\"9999999999999999.9999 GBP\"",
          "\"+999999999-12-31T23:59:59Z\"",
          "\"-999999999-01-01\"",
          "\"2010-12-01T00:00:00+18:00\"",
          "\"T\"",
          "\"+19:00\"",
          "2010-02-30",
          "2010-12-01 00:00:00",
          "2010-12-01T00:00:00.9999999999999Z",
          "24:00:00",
          "99:99:99",
          "\"\"\"\n\"\"\"",
          "'",
          "[",
          "{",
          "=");

  private static final String EVERYTHING =
      """
      currency = "GBP"
      currency-digits = 2
      zone = "Europe/London"
      remove = { rules = [] }
      [[category]]
      id = "lamps"
      skus = ["LAMP-1", "LAMP-2"]
      [[campaign]]
      id = "xmas"
      budget = "5000.00 GBP"
      uses = 1000
      uses-per-customer = 1
      [[rule]]
      id = "a"
      priority = 10
      stacking = "exclusive"
      campaign = "xmas"
      max-per-order = "50.00 GBP"
      percent-off = 12.5
      [rule.on]
      skus = ["BULB"]
      categories = ["lamps"]
      attributes = [{ name = "brand", value = "acme" }]
      except-skus = ["LAMP-2"]
      except-categories = ["lamps"]
      [rule.when]
      from = 2010-12-01
      until = 2010-12-24T18:00:00
      hours = [{ days = ["fri", "sat"], from = 17:00:00, until = 02:00:00 }]
      min-quantity = 3
      min-order = "100 GBP"
      coupons = ["XMAS10"]
      [[rule]]
      id = "b"
      group = "g"
      buy-get = { buy = 2, get = 1, percent-off = 100, rewards = { skus = ["GIFT"] }, times = 2 }
      [[rule]]
      id = "c"
      volume = [{ from = 10, percent-off = 5 }, { from = 50, fixed-price = "0.80 GBP" }]
      [[rule]]
      id = "d"
      graduated = [{ from = 10, amount-off = "0.10 GBP" }]
      [[rule]]
      id = "e"
      order-amount-off = "5.00 GBP"
      """;

  private static PolicyReading read(String content) {
    return PolicyReader.read(List.of(new PolicyFile("base.toml", 0, content)));
  }

  /** Reads {@code content}; what is a policy is one in its written form, too. */
  private static boolean isTaken(String content) {
    return switch (read(content)) {
      case PolicyReading.Read(var policy) -> {
        CanonicalPolicy form = CanonicalPolicy.of(policy);
        assertThat(CanonicalPolicy.parse(form.json())).as(content).isEqualTo(form);
        yield true;
      }
      case PolicyReading.Refused(var errors) -> {
        assertThat(errors).as(content).isNotEmpty().allSatisfy(PolicyFuzzTest::isSaid);
        yield false;
      }
    };
  }

  private static void isSaid(PolicyError error) {
    assertThat(error.file()).isEqualTo("base.toml");
    assertThat(error.line()).isNotNegative();
    assertThat(error.toString()).doesNotContain("\n").hasSizeLessThan(1_000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void a_file_with_some_values_others_is_read_or_refused(long seed) {
    Random random = new Random(seed);
    List<String> values =
        new ArrayList<>(VALUE.matcher(EVERYTHING).results().map(found -> found.group()).toList());
    values.addAll(STRANGE);
    int taken = 0;
    for (int i = 0; i < 400; i++) {
      int changes = 1 + random.nextInt(3);
      String content = EVERYTHING;
      for (int c = 0; c < changes; c++) {
        var places = VALUE.matcher(content).results().toList();
        var place = places.get(random.nextInt(places.size()));
        content =
            content.substring(0, place.start())
                + values.get(random.nextInt(values.size()))
                + content.substring(place.end());
      }
      taken += isTaken(content) ? 1 : 0;
    }
    assertThat(taken).isBetween(1, 399);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void a_file_with_its_lines_in_disorder_is_read_or_refused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 200; i++) {
      List<String> lines = new ArrayList<>(EVERYTHING.lines().toList());
      for (int c = random.nextInt(4); c >= 0; c--) {
        int line = random.nextInt(lines.size());
        switch (random.nextInt(3)) {
          case 0 -> lines.remove(line);
          case 1 -> lines.add(random.nextInt(lines.size()), lines.get(line));
          default -> Collections.swap(lines, line, random.nextInt(lines.size()));
        }
      }
      isTaken(String.join("\n", lines));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void a_file_with_some_bytes_others_is_read_or_refused(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 400; i++) {
      byte[] bytes = EVERYTHING.getBytes(StandardCharsets.UTF_8);
      for (int c = random.nextInt(5); c >= 0; c--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(128);
      }
      int end = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
      isTaken(new String(bytes, 0, end, StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a=", "[{a=", "a.", "[[", "\"", "#", "[a.", "zone=[1,"})
  void a_file_of_one_thing_over_and_over_is_refused(String thing) {
    String content = thing.repeat(100_000 / thing.length());

    assertThat(isTaken("zone = " + content)).isFalse();
    assertThat(isTaken(content)).isFalse();
  }

  @Test
  void what_stands_at_the_end_of_deep_tables_is_refused() {
    assertThat(isTaken("currency = \"GBP\"\n[" + "a.".repeat(50_000) + "a]\nb = 1\n")).isFalse();
    assertThat(isTaken("a.".repeat(50_000) + "a = 1\n")).isFalse();
  }

  @Test
  void the_files_of_the_tutorial_with_some_values_others_are_read_or_refused() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("..", "docs", "tutorial"))) {
      Random random = new Random(7);
      for (Path file : files.filter(each -> each.toString().endsWith(".toml")).toList()) {
        String content = Files.readString(file);
        var places = VALUE.matcher(content).results().toList();
        for (int i = 0; i < 10; i++) {
          var place = places.get(random.nextInt(places.size()));
          isTaken(
              content.substring(0, place.start())
                  + STRANGE.get(random.nextInt(STRANGE.size()))
                  + content.substring(place.end()));
        }
      }
    }
  }
}
