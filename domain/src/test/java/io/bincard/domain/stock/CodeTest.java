package io.bincard.domain.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.domain.InvalidValueException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The rule of codes, seen through each of the four types that share it. */
class CodeTest {

  private static final String LONGEST = "x".repeat(64);

  /** What each type is called in a refusal, and how it is made. */
  private static final Map<String, Function<String, Record>> KINDS =
      Map.of(
          "a SKU", Sku::new,
          "a location", LocationId::new,
          "an order id", OrderId::new,
          "a document", DocumentId::new);

  static Stream<Arguments> realCodes() {
    return inEveryKind(
        Stream.of(
                "85123A",
                "15056BL",
                "BANK CHARGES",
                "gift_0001_20",
                "M",
                "m",
                "POST",
                "C2",
                "536365",
                "C536379",
                "a.b_c-d+e:f#g h",
                "two  spaces",
                "AZ",
                "az",
                "09",
                LONGEST)
            .map(code -> Named.of(code, code)));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("realCodes")
  void takes_the_codes_of_a_real_shop_and_keeps_them_as_they_are(
      String kind, Function<String, Record> type, String code) {
    assertThat(type.apply(code)).hasToString(code);
  }

  static Stream<Arguments> hostileCodes() {
    return inEveryKind(
        Stream.of(
            Named.of("empty", ""),
            Named.of("one space", " "),
            Named.of("65 characters", LONGEST + "x"),
            Named.of("a megabyte", "x".repeat(1 << 20)),
            Named.of("leading space", " 85123A"),
            Named.of("trailing space", "85123A "),
            Named.of("leading dot, as of a hidden file", ".85123A"),
            Named.of("path upwards", "../85123A"),
            Named.of("trailing hyphen", "85123A-"),
            Named.of("inner mark alone", "_"),
            Named.of("CR LF and a header", "A\r\nSet-Cookie: x"),
            Named.of("LF", "A\nB"),
            Named.of("trailing LF", "A\n"),
            Named.of("tab", "A\tB"),
            Named.of("NUL", "A\0B"),
            Named.of("DEL", "A\u007fB"),
            Named.of("ANSI escape", "A\u001b[31mB"),
            Named.of("C1 escape", "A\u009b31mB"),
            Named.of("JNDI look-up", "${jndi:ldap://x}"),
            Named.of("JNDI look-up inside", "A${jndi:ldap://x}B"),
            Named.of("double quote", "A\"B"),
            Named.of("single quote", "A'B"),
            Named.of("backtick", "A`B"),
            Named.of("backslash", "A\\B"),
            Named.of("SQL", "A'; DROP TABLE event_journal; --B"),
            Named.of("markup", "A<script>B"),
            Named.of("Redis glob *", "A*B"),
            Named.of("Redis glob ?", "A?B"),
            Named.of("Redis glob [ab]", "A[ab]B"),
            Named.of("Redis hash tag", "A{x}B"),
            Named.of("stream separator @", "A@MAIN"),
            Named.of("slash", "A/B"),
            Named.of("comma, as between SKUs of a query", "A,B"),
            Named.of("percent escape", "A%2FB"),
            Named.of("ampersand", "A&B"),
            Named.of("umlaut", "Stück"),
            Named.of("sharp s at the end", "Maß"),
            Named.of("Cyrillic letter that looks like A", "\u0410B"),
            Named.of("full-width digit", "A\uff11B"),
            Named.of("Arabic-Indic digit", "\u0661"),
            Named.of("no-break space", "A\u00a0B"),
            Named.of("zero-width space", "A\u200bB"),
            Named.of("byte order mark", "\ufeffA"),
            Named.of("combining accent", "e\u0301"),
            Named.of("right-to-left override", "A\u202eB"),
            Named.of("line separator", "A\u2028B"),
            Named.of("emoji", "A\ud83d\ude00B"),
            Named.of("lone high surrogate", "A\ud800B"),
            Named.of("lone low surrogate", "\udc00"),
            Named.of("neighbours of 0 and 9", "A/:B"),
            Named.of("character after 9 first", ":1"),
            Named.of("character before A", "@A"),
            Named.of("character after Z", "A["),
            Named.of("character before a", "`a"),
            Named.of("character after z", "a{")));
  }

  @ParameterizedTest(name = "{0}: {2}")
  @MethodSource("hostileCodes")
  void refuses_hostile_input_by_its_rule_and_never_repeats_it(
      String kind, Function<String, Record> type, String code) {
    assertThatThrownBy(() -> type.apply(code))
        .isExactlyInstanceOf(InvalidValueException.class)
        .hasMessage(
            kind
                + " must have 1 to 64 characters out of A-Z, a-z, 0-9, space and . _ - + : #,"
                + " the first and the last a letter or digit");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void judges_every_ascii_character_by_the_rule_alone(String kind, Function<String, Record> type) {
    String lettersAndDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    String inside = lettersAndDigits + " ._-+:#";
    for (char c = 0; c < 0x100; c++) {
      assertThat(isTaken(type, "" + c)).as("%s alone", (int) c).isEqualTo(has(lettersAndDigits, c));
      assertThat(isTaken(type, c + "x"))
          .as("%s first", (int) c)
          .isEqualTo(has(lettersAndDigits, c));
      assertThat(isTaken(type, "x" + c)).as("%s last", (int) c).isEqualTo(has(lettersAndDigits, c));
      assertThat(isTaken(type, "x" + c + "x")).as("%s inside", (int) c).isEqualTo(has(inside, c));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("kinds")
  void tells_upper_from_lower_case(String kind, Function<String, Record> type) {
    assertThat(type.apply("M")).isNotEqualTo(type.apply("m"));
  }

  static Stream<Arguments> kinds() {
    return KINDS.entrySet().stream().map(kind -> Arguments.of(kind.getKey(), kind.getValue()));
  }

  private static Stream<Arguments> inEveryKind(Stream<Named<String>> codes) {
    return codes.flatMap(
        code ->
            KINDS.entrySet().stream()
                .map(kind -> Arguments.of(kind.getKey(), kind.getValue(), code)));
  }

  private static boolean has(String characters, char c) {
    return characters.indexOf(c) >= 0;
  }

  private static boolean isTaken(Function<String, Record> type, String code) {
    try {
      return type.apply(code).toString().equals(code);
    } catch (InvalidValueException refused) {
      return false;
    }
  }
}
