package io.bincard.application.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What editors tell a merchandiser while they write is what the reader says when they are done. */
class PolicySchemaTest {

  private static final Path DOCS = Path.of("..", "docs");
  private static final String HEAD = "currency = \"GBP\"\n[[rule]]\nid = \"one\"\n";

  private static Schema schema;

  @BeforeAll
  static void read() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            PolicySchemaTest.class.getResourceAsStream("/schema/discount-policy.schema.json"))) {
      schema =
          SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(file);
    }
  }

  private static List<String> violations(String toml) {
    return schema.validate(Toml.parse(new PolicyFile("policy.toml", 0, toml))).stream()
        .map(Error::toString)
        .toList();
  }

  private static PolicyReading reading(String toml) {
    return PolicyReader.read(List.of(new PolicyFile("policy.toml", 0, toml)));
  }

  private static void isTaken(String toml) {
    assertThat(violations(toml)).as(toml).isEmpty();
    assertThat(reading(toml)).as(toml).isInstanceOf(PolicyReading.Read.class);
  }

  @Test
  void takes_the_files_of_the_tutorial() throws IOException {
    Path policies = DOCS.resolve("tutorial/a-real-shop/policies");
    PolicyFolder folder = new PolicyFolder(policies, "prod");

    assertThat(folder.read()).hasSize(2);
    assertThat(folder.read())
        .allSatisfy(file -> assertThat(violations(file.content())).as(file.name()).isEmpty());
    assertThat(PolicyReader.read(folder.read())).isInstanceOf(PolicyReading.Read.class);
  }

  @Test
  void takes_what_the_how_to_shows() throws IOException {
    String page = Files.readString(DOCS.resolve("how-to/write-a-discount-policy.md"));
    String file =
        Pattern.compile("(?s)```toml\\n(.*?)```")
            .matcher(page)
            .results()
            .findFirst()
            .orElseThrow()
            .group(1);
    isTaken(file);

    List<String> benefits =
        Pattern.compile("(?m)^\\| `([a-z-]+ = .*?)` \\|")
            .matcher(page)
            .results()
            .map(found -> found.group(1).replace(", …]", "]").replace("…", "\"MUG-1\""))
            .toList();
    assertThat(benefits).hasSize(8);
    benefits.forEach(benefit -> isTaken(HEAD + benefit + "\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "percent-off = 120",
        "percent-off = -1",
        "percent-off = \"ten\"",
        "percent-of = 10",
        "",
        "percent-off = 10\namount-off = \"1.00 GBP\"",
        "amount-off = 5",
        "amount-off = \"5.00\"",
        "volume = []",
        "volume = [{ percent-off = 5 }]",
        "volume = [{ from = 0, percent-off = 5 }]",
        "graduated = [{ from = 10 }]",
        "buy-get = { buy = 2, percent-off = 100 }",
        "buy-get = { buy = 0, get = 1, percent-off = 100 }",
        "percent-off = 10\npriority = \"high\"",
        "percent-off = 10\nstacking = \"sometimes\"",
        "percent-off = 10\ngroup = \"a group!\"",
        "percent-off = 10\nwhen = { hours = [{ days = [\"someday\"], from = 10:00:00, until = 11:00:00 }] }",
        "percent-off = 10\nwhen = { min-quantity = -1 }",
        "percent-off = 10\nwhen = { coupon = \"X\" }",
        "percent-off = 10\non = { sku = \"X\" }",
        "percent-off = 10\non = { attributes = [{ name = \"brand\" }] }",
        "percent-off = 10\non = { skus = [] }",
        "percent-off = 10\non = { categories = [] }",
        "percent-off = 10\non = { attributes = [] }",
        "percent-off = 10\nwhen = { hours = [] }",
        "percent-off = 10\nwhen = { coupons = [] }",
        "on = { skus = [\"A\"] }\nbuy-get = { buy = 2, get = 1, percent-off = 100, rewards = {} }",
        "on = { skus = [\"A\"] }\nbuy-get = { buy = 2, get = 1, percent-off = 100, rewards = { skus = [] } }"
      })
  void sees_a_mistake_that_the_reader_refuses(String rule) {
    assertThat(reading(HEAD + rule + "\n")).isInstanceOf(PolicyReading.Refused.class);
    assertThat(violations(HEAD + rule + "\n")).isNotEmpty();
  }

  @Test
  void knows_every_key_that_the_reader_asks_for() throws IOException {
    String source =
        Stream.of("PolicyReader", "PolicyValue")
            .map(name -> Path.of("src/main/java/io/bincard/application/policy", name + ".java"))
            .map(PolicySchemaTest::text)
            .reduce("", String::concat);
    String json = text(Path.of("src/main/resources/schema/discount-policy.schema.json"));
    List<String> asked =
        Pattern.compile("\\.(?:get|find|list|table|tables)\\(\\s*\"([a-z-]+)\"")
            .matcher(source)
            .results()
            .map(found -> found.group(1))
            .distinct()
            .toList();

    assertThat(asked).hasSizeGreaterThan(25);
    assertThat(asked).allSatisfy(key -> assertThat(json).contains("\"" + key + "\""));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
