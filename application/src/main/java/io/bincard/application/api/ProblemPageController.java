package io.bincard.application.api;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;

/** What the {@code type} of a problem leads to: a page that says what it means and what to do. */
@RestController
final class ProblemPageController {

  private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8);

  @GetMapping("/problems/{slug}")
  ResponseEntity<String> page(@PathVariable String slug) {
    ProblemType type =
        ProblemType.of(slug)
            .orElseThrow(
                () ->
                    new InvalidRequestException(
                        Problem.of(ProblemType.NOT_FOUND, "there is no problem of this type")));
    return ResponseEntity.ok().contentType(HTML).body(html(type));
  }

  private static String html(ProblemType type) {
    return """
    <!doctype html>
    <html lang="en">
    <meta charset="utf-8">
    <title>%1$s</title>
    <h1>%1$s</h1>
    <p>HTTP status %2$d, type <code>%3$s</code></p>
    <p>%4$s</p>
    <p><b>What to do:</b> %5$s</p>
    <p><b>Kept:</b> %6$s</p>
    %7$s</html>
    """
        .formatted(
            HtmlUtils.htmlEscape(type.title()),
            type.status(),
            type.uri(),
            HtmlUtils.htmlEscape(type.meaning()),
            HtmlUtils.htmlEscape(type.advice()),
            HtmlUtils.htmlEscape(type.kept().words()),
            members(type));
  }

  private static String members(ProblemType type) {
    return type.members().isEmpty()
        ? ""
        : type.members().stream()
            .map(name -> "<code>" + name + "</code>")
            .collect(Collectors.joining(", ", "<p><b>Members:</b> ", "</p>\n"));
  }
}
