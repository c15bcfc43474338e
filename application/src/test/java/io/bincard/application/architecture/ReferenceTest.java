package io.bincard.application.architecture;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.journal.EventCatalog;
import io.bincard.application.journal.JournalSerializer;
import io.bincard.application.problems.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.serialization.SimpleSerializedObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of the reference say what the code does, and all of it. */
class ReferenceTest {

  private static final Checkout HERE = Checkout.here();
  private static final Pattern SECTION = Pattern.compile("(?ms)^## ([^\\n]+)\\n(.*?)(?=^## |\\z)");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^ {4}(\\{.*})$");

  @ParameterizedTest
  @EnumSource
  void a_problem_is_written_down_in_the_words_of_the_code(ProblemType type) {
    String members =
        type.members().stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));

    assertThat(words(sections("problems").getOrDefault(type.slug(), "")))
        .isEqualTo(
            words(
                "%d %s. Kept: %s.%s %s What to do: %s"
                    .formatted(
                        type.status(),
                        type.title(),
                        type.kept().words(),
                        members.isEmpty() ? "" : " Members: " + members + ".",
                        type.meaning(),
                        type.advice())));
  }

  @Test
  void no_other_problem_is_written_down() {
    assertThat(sections("problems").keySet())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ProblemType.values()).map(ProblemType::slug).toList());
  }

  @ParameterizedTest
  @EnumSource
  void the_list_of_problems_has_each_with_its_status(ProblemType type) {
    assertThat(page("problems"))
        .contains(
            "| [`%1$s`](#%1$s) | %2$d | %3$s |"
                .formatted(
                    type.slug(),
                    type.status(),
                    type.kept() == ProblemType.Kept.FOR_EVER ? "yes" : "no"));
  }

  /**
   * The other modules cannot name the application's types, so their words are held to them here.
   */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "projections/src/main/java/io/bincard/projections/storefront/StorefrontProblem.java",
        "reconciliation/src/main/java/io/bincard/reconciliation/report/ReconciliationProblem.java"
      })
  void no_other_module_gives_a_problem_that_is_not_written_down(String file) {
    List<String> given =
        Pattern.compile("\"([a-z]+(?:-[a-z]+)+)\"")
            .matcher(HERE.files().getOrDefault(file, ""))
            .results()
            .map(found -> found.group(1))
            .toList();

    assertThat(given)
        .hasSizeGreaterThan(1)
        .allSatisfy(slug -> assertThat(ProblemType.of(slug)).as(slug).isPresent());
  }

  @Test
  void types_of_problems_are_made_in_one_place_a_module() {
    assertThat(
            HERE.filesLike("([^/]+/)+src/main/java/.*\\.java")
                .filter(file -> file.getValue().contains("\"/problems/\""))
                .map(file -> file.getKey().replaceFirst(".*/", "")))
        .containsExactlyInAnyOrder(
            "ProblemType.java", "StorefrontProblem.java", "ReconciliationProblem.java");
  }

  @Test
  void every_event_is_written_down_and_no_other() {
    Set<String> named =
        sections("events").keySet().stream().filter(name -> name.contains("/")).collect(toSet());

    assertThat(named).isEqualTo(EventCatalog.names());
  }

  @Test
  void every_event_that_is_shown_can_be_read_and_is_written_the_same() {
    JournalSerializer serializer = new JournalSerializer();
    assertThat(EventCatalog.names())
        .allSatisfy(
            name -> {
              String[] nameAndRevision = name.split("/", 2);
              List<String> examples = examplesIn(sections("events").getOrDefault(name, ""));
              assertThat(examples).isNotEmpty();
              for (String example : examples) {
                Object event =
                    serializer.deserialize(
                        new SimpleSerializedObject<>(
                            example.getBytes(StandardCharsets.UTF_8),
                            byte[].class,
                            nameAndRevision[0],
                            nameAndRevision[1]));
                assertThat(serializer.serialize(event, String.class).getData()).isEqualTo(example);
              }
            });
  }

  private static List<String> examplesIn(String section) {
    return EXAMPLE.matcher(section).results().map(found -> found.group(1)).toList();
  }

  private static Map<String, String> sections(String page) {
    Map<String, String> sections = new LinkedHashMap<>();
    Stream<MatchResult> found = SECTION.matcher(page(page)).results();
    found.forEach(section -> sections.put(section.group(1), section.group(2)));
    return sections;
  }

  private static String page(String name) {
    return HERE.files().getOrDefault("docs/reference/" + name + ".md", "");
  }

  private static String words(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }
}
