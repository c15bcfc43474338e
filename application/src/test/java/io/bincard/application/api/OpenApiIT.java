package io.bincard.application.api;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.LedgerClock;
import io.bincard.application.fixture.RunningBincard;
import io.bincard.application.problems.ProblemType;
import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OpenApiIT {

  private static final JsonMapper JSON = JsonMapper.shared();

  private final RunningBincard bincard = RunningBincard.shared();
  private JsonNode document;

  @BeforeEach
  void read() throws Exception {
    document = documentOf(bincard);
  }

  private static JsonNode documentOf(RunningBincard bincard) throws Exception {
    return JSON.readTree(bincard.get("/v3/api-docs").body());
  }

  @Test
  void says_what_it_is() {
    assertThat(document.path("openapi").asString()).startsWith("3.1.");
    assertThat(document.at("/info/title").asString()).isEqualTo("Bincard");
    assertThat(document.at("/info/license/identifier").asString()).isEqualTo("Apache-2.0");
    assertThat(document.at("/servers/0/url").asString()).isEqualTo("/");
    assertThat(document.at("/info/version").asString()).matches("[0-9]+(\\.[0-9]+)+.*");
  }

  @Test
  void has_every_route_that_is_mapped_and_no_other() {
    Set<String> mapped =
        bincard
            .bean("requestMappingHandlerMapping", RequestMappingHandlerMapping.class)
            .getHandlerMethods()
            .keySet()
            .stream()
            .flatMap(OpenApiIT::routes)
            .filter(route -> route.contains(" /v1/"))
            .collect(toSet());

    assertThat(routesIn(document)).isEqualTo(mapped).hasSizeGreaterThan(12);
  }

  private static Stream<String> routes(RequestMappingInfo mapping) {
    return mapping.getPatternValues().stream()
        .flatMap(
            path ->
                mapping.getMethodsCondition().getMethods().stream()
                    .map(method -> method + " " + path));
  }

  private static Set<String> routesIn(JsonNode document) {
    return document.path("paths").properties().stream()
        .flatMap(
            path ->
                path.getValue().propertyNames().stream()
                    .map(method -> method.toUpperCase(Locale.ROOT) + " " + path.getKey()))
        .collect(toSet());
  }

  @ParameterizedTest
  @EnumSource
  void has_every_member_of_a_command_where_it_stands(CommandRoute route) {
    JsonNode operation = operationOf(document, route);
    Set<String> members = new TreeSet<>();
    Set<String> required = new TreeSet<>();
    for (JsonNode parameter : operation.path("parameters")) {
      if (parameter.path("in").asString("").matches("path|query")) {
        members.add(parameter.path("name").asString());
        if (parameter.path("required").asBoolean()) {
          required.add(parameter.path("name").asString());
        }
      }
    }
    if (route.hasBody()) {
      JsonNode body =
          document.at(
              operation
                  .at("/requestBody/content/application~1json/schema/$ref")
                  .asString()
                  .substring(1));
      assertThat(body.path("additionalProperties").asBoolean(true)).isFalse();
      members.addAll(body.path("properties").propertyNames());
      body.path("required").forEach(name -> required.add(name.asString()));
    }

    assertThat(members)
        .containsExactlyInAnyOrderElementsOf(
            route.form().fields().stream().map(Field::name).toList());
    assertThat(required)
        .containsExactlyInAnyOrderElementsOf(
            route.form().fields().stream().filter(Field::required).map(Field::name).toList());
  }

  @ParameterizedTest
  @EnumSource
  void asks_for_a_key_with_every_command(CommandRoute route) {
    assertThat(operationOf(document, route).path("parameters"))
        .anySatisfy(
            parameter -> {
              assertThat(parameter.path("name").asString("")).isEqualTo("Idempotency-Key");
              assertThat(parameter.path("required").asBoolean()).isTrue();
            });
  }

  @Test
  void tells_of_every_problem_that_there_is_and_each_is_given_by_some_route() {
    Set<String> known =
        Stream.of(ProblemType.values()).map(ProblemType::uri).collect(Collectors.toSet());
    Set<String> listed = new TreeSet<>();
    document
        .at("/components/schemas/Problem/properties/type/enum")
        .forEach(uri -> listed.add(uri.asString()));
    String routes = document.path("paths") + document.at("/components/responses").toString();

    assertThat(listed).isEqualTo(known);
    assertThat(ProblemType.values())
        .allSatisfy(
            type ->
                assertThat(
                        routes.contains("\"#/components/examples/" + type.slug() + "\"")
                            || routes.contains(type.uri() + "\\\""))
                    .as(type.slug())
                    .isTrue());
  }

  @Test
  void leaves_no_reference_open() {
    List<String> references = new ArrayList<>();
    collectReferences(document, references);

    assertThat(references)
        .hasSizeGreaterThan(100)
        .allSatisfy(
            reference ->
                assertThat(document.at(reference.substring(1)).isObject()).as(reference).isTrue());
  }

  private static void collectReferences(JsonNode node, List<String> references) {
    node.properties()
        .forEach(
            member -> {
              if (member.getKey().equals("$ref")) {
                references.add(member.getValue().asString());
              }
            });
    node.forEach(each -> collectReferences(each, references));
  }

  @Test
  void shows_examples_that_work_and_are_answered_as_it_says() throws Exception {
    try (LedgerClock _ = new LedgerClock(ApiExamples.NOON);
        RunningBincard fresh = RunningBincard.withOwnLedger()) {
      JsonNode document = documentOf(fresh);
      for (CommandRoute route : CommandRoute.values()) {
        HttpResponse<String> answer = tryOut(fresh, document, route);
        JsonNode told =
            operationOf(document, route)
                .at("/responses/" + answer.statusCode() + "/content/application~1json/example");

        assertThat(JSON.readTree(answer.body())).as(route.path()).isEqualTo(told);
      }
      JsonNode batch = document.at("/paths/~1v1~1commands/post");
      String ndjson = "/content/application~1x-ndjson/examples/lines/value";

      assertThat(fresh.batch("continue", batch.at("/requestBody" + ndjson).asString()).body())
          .isEqualTo(batch.at("/responses/200" + ndjson).asString());
    }
  }

  /** Sends what a reader who presses "Execute" sends. */
  private static HttpResponse<String> tryOut(
      RunningBincard bincard, JsonNode document, CommandRoute route)
      throws IOException, InterruptedException {
    JsonNode operation = operationOf(document, route);
    String path = route.path();
    List<String> query = new ArrayList<>();
    HttpRequest.Builder request = HttpRequest.newBuilder();
    for (JsonNode parameter : operation.path("parameters")) {
      String name = parameter.path("name").asString("");
      String value = parameter.path("example").asString("");
      switch (value.isEmpty() ? "left out" : parameter.path("in").asString()) {
        case "path" -> path = path.replace("{" + name + "}", value);
        case "query" -> query.add(name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8));
        case "header" -> request.header(name, value);
        default -> assertThat(parameter.path("required").asBoolean()).isFalse();
      }
    }
    JsonNode body = operation.at("/requestBody/content/application~1json/example");
    if (body.isObject()) {
      request.header("Content-Type", "application/json");
    }
    String target = query.isEmpty() ? path : path + "?" + String.join("&", query);
    return bincard
        .http()
        .send(
            request
                .uri(bincard.uri(target))
                .method(
                    route.method().name(),
                    body.isObject()
                        ? HttpRequest.BodyPublishers.ofString(body.toString())
                        : HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
  }

  private static JsonNode operationOf(JsonNode document, CommandRoute route) {
    return document
        .path("paths")
        .path(route.path())
        .path(route.method().name().toLowerCase(Locale.ROOT));
  }

  @Test
  void comes_with_a_page_that_shows_a_batch_as_lines() throws Exception {
    assertThat(bincard.get("/swagger-ui/swagger-initializer.js").body())
        .contains("/v3/api-docs")
        .contains("/ndjson/.test(type)")
        .contains("SwaggerUIBundle.plugins.DownloadUrl");
    assertThat(bincard.get("/swagger-ui/index.html").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @EnumSource
  void leads_from_the_type_of_a_problem_to_a_page(ProblemType type) throws Exception {
    HttpResponse<String> page = bincard.get(type.uri());

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Type")).hasValue("text/html;charset=UTF-8");
    assertThat(page.body()).contains("<h1>" + type.title() + "</h1>", "What to do:");
  }

  @Test
  void has_no_page_for_a_problem_that_there_is_not() throws Exception {
    assertThat(bincard.get("/problems/no-such-thing").statusCode()).isEqualTo(404);
  }
}
