package io.bincard.projections.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;

/** What the page must do that needs no browser. */
class StockPageControllerTest {

  private final MockMvc server = MockMvcBuilders.standaloneSetup(new StockPageController()).build();

  private MockHttpServletResponse ask(String path) throws Exception {
    return server.perform(get(path)).andReturn().getResponse();
  }

  private String text(String path) throws Exception {
    return ask(path).getContentAsString(UTF_8);
  }

  private static Stream<String> found(String regex, String text) {
    return Pattern.compile(regex).matcher(text).results().map(each -> each.group(1));
  }

  @ParameterizedTest
  @CsvSource({
    "/stock.html, text/html;charset=UTF-8",
    "/stock.css, text/css;charset=UTF-8",
    "/stock.js, text/javascript;charset=UTF-8",
    "/stock.svg, image/svg+xml"
  })
  void each_part_is_what_it_says_and_forbids_everything_from_elsewhere(String path, String type)
      throws Exception {
    MockHttpServletResponse answer = ask(path);

    assertThat(answer.getStatus()).isEqualTo(200);
    assertThat(answer.getContentType()).isEqualTo(type);
    assertThat(answer.getHeader("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.getHeader("Referrer-Policy")).isEqualTo("no-referrer");
    assertThat(answer.getHeader("Cache-Control")).isEqualTo("no-cache");
    assertThat(answer.getHeader("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .contains("connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'")
        .doesNotContain("unsafe", "*", "data:", "http");
    assertThat(
            server
                .perform(
                    get(path)
                        .header("If-None-Match", Objects.requireNonNull(answer.getHeader("ETag"))))
                .andReturn()
                .getResponse()
                .getStatus())
        .isEqualTo(304);
  }

  @Test
  void who_names_no_page_is_led_to_this_one() throws Exception {
    MockHttpServletResponse answer = ask("/");

    assertThat(answer.getStatus()).isEqualTo(302);
    assertThat(answer.getHeader("Location"))
        .as("behind a proxy, too, which may put something before it")
        .isEqualTo("stock.html");
  }

  @Test
  void the_page_has_no_script_and_no_style_of_its_own_and_nothing_from_elsewhere()
      throws Exception {
    String html = text("/stock.html");

    assertThat(found("<script([^>]*)>(?!</script>)", html)).isEmpty();
    assertThat(html).doesNotContain("<style", " style=", "javascript:", "//");
    assertThat(found("(?i)\\s(on[a-z]+)=", html)).isEmpty();
    assertThat(found("(?:src|href|action)=\"([^\"]*)\"", html).collect(toSet()))
        .isEqualTo(Set.of("stock.html", "stock.css", "stock.js", "stock.svg", "swagger-ui.html"));
    assertThat(text("/stock.css")).doesNotContain("url(", "@import");
  }

  @Test
  void every_id_that_the_script_uses_is_in_the_page_and_each_stands_once() throws Exception {
    Set<String> used = found("byId\\('([^']+)'\\)", text("/stock.js")).collect(toSet());
    String html = text("/stock.html");

    assertThat(found("\\sid=\"([^\"]+)\"", html).toList())
        .doesNotHaveDuplicates()
        .containsAll(used);
    assertThat(used).hasSizeGreaterThan(10);
  }

  @Test
  void the_script_makes_no_markup_and_no_code_of_what_it_is_given() throws Exception {
    assertThat(text("/stock.js"))
        .doesNotContain(
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "DOMParser",
            "createContextualFragment",
            ".style.");
  }

  @Test
  void what_changes_is_told_to_who_cannot_see_it() throws Exception {
    String html = text("/stock.html");

    assertThat(html)
        .contains("<html lang=\"en\">", "aria-live=\"polite\"", "role=\"status\"", "role=\"alert\"")
        .contains("name=\"viewport\"", "<noscript>");
    assertThat(found("(<th(?=[ >])[^>]*>)", html))
        .isNotEmpty()
        .allMatch(cell -> cell.contains("scope=\"col\""));
    assertThat(found("<(input) ", html).count())
        .isEqualTo(found("(?s)<(label)[^>]*>[^<]+<input ", html).count());
  }

  /** The colours of text and ground differ by 4.5 to 1 at least, by day and by night. */
  @Test
  void every_colour_of_text_can_be_read_on_every_ground() throws Exception {
    String css = text("/stock.css");
    for (String ink : new String[] {"ink", "faint", "brand", "good", "warn", "bad"}) {
      for (String ground : new String[] {"paper", "card", "flash"}) {
        for (int shade = 1; shade <= 2; shade++) {
          assertThat(contrastTenths(colour(css, ink, shade), colour(css, ground, shade)))
              .as("%s on %s, shade %d", ink, ground, shade)
              .isGreaterThanOrEqualTo(45);
        }
      }
    }
  }

  private static int colour(String css, String name, int shade) {
    MatchResult found =
        Pattern.compile("--" + name + ": light-dark\\(#(\\w{6}), #(\\w{6})\\)")
            .matcher(css)
            .results()
            .findFirst()
            .orElseThrow();
    return Integer.parseInt(found.group(shade), 16);
  }

  /** WCAG's contrast, in tenths. */
  private static long contrastTenths(int one, int other) {
    double lighter = Math.max(luminance(one), luminance(other));
    double darker = Math.min(luminance(one), luminance(other));
    return (long) (10 * (lighter + 0.05) / (darker + 0.05));
  }

  private static double luminance(int colour) {
    return 0.2126 * linear(colour >> 16)
        + 0.7152 * linear(colour >> 8 & 0xFF)
        + 0.0722 * linear(colour & 0xFF);
  }

  private static double linear(int channel) {
    double share = channel / 255.0;
    return share <= 0.04045 ? share / 12.92 : Math.pow((share + 0.055) / 1.055, 2.4);
  }
}
