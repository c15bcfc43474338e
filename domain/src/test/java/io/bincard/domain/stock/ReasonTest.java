package io.bincard.domain.stock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.domain.InvalidValueException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReasonTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?",
        "wet/rusty",
        "sold as 22467",
        "Dotcomgiftshop Gift Voucher £40.00",
        "Bruch beim Auspacken, Palette 3 – \"zerdrückt\"",
        " kept with its spaces ",
        "破損",
        "\ud83d\udce6 dropped",
        "می‌شکند",
        "${jndi:ldap://x} is text like any other"
      })
  void takes_what_people_write_and_keeps_it_as_it_is(String words) {
    assertThat(new Reason(words).value()).isEqualTo(words);
    assertThat(new Reason(words)).hasToString(words);
  }

  static Stream<Named<String>> unprintable() {
    return Stream.of(
        Named.of("empty", ""),
        Named.of("spaces only", "   "),
        Named.of("ideographic space only", "\u3000"),
        Named.of("201 characters", "x".repeat(201)),
        Named.of("101 emoji, 202 UTF-16 units", "\ud83d\udce6".repeat(101)),
        Named.of("CR LF", "count\r\n2026-11-21 INFO all is well"),
        Named.of("LF at the end", "count\n"),
        Named.of("tab", "a\tb"),
        Named.of("NUL, which PostgreSQL cannot store", "a\0b"),
        Named.of("ANSI escape", "\u001b[2Jgone"),
        Named.of("DEL", "a\u007f"),
        Named.of("C1 next line", "a\u0085b"),
        Named.of("line separator", "a\u2028b"),
        Named.of("paragraph separator", "a\u2029b"),
        Named.of("first direction mark", "a\u202ab"),
        Named.of("right-to-left override", "a\u202eb"),
        Named.of("first direction isolate", "a\u2066b"),
        Named.of("last direction isolate", "a\u2069b"),
        Named.of("lone high surrogate", "a\ud800"),
        Named.of("lone low surrogate", "\udc00a"),
        Named.of("surrogates in the wrong order", "a\udc00\ud800b"));
  }

  @ParameterizedTest
  @MethodSource("unprintable")
  void refuses_what_could_not_be_printed_safely_and_never_repeats_it(String words) {
    assertThatThrownBy(() -> new Reason(words))
        .isExactlyInstanceOf(InvalidValueException.class)
        .hasMessage("a reason must have 1 to 200 printable characters and must not be blank");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 200})
  void takes_1_to_200_characters(int length) {
    assertThat(new Reason("x".repeat(length)).value()).hasSize(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0x2027, 0x202f, 0x2065, 0x206a})
  void takes_the_neighbours_of_what_it_refuses(int codePoint) {
    String words = "a" + Character.toString(codePoint);

    assertThat(new Reason(words).value()).isEqualTo(words);
  }
}
