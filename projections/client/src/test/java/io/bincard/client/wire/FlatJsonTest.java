package io.bincard.client.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlatJsonTest {

  @Test
  void reads_what_an_event_carries() {
    FlatJson json =
        FlatJson.read(
            """
            { "sku" : "A\\u00e9\\n\\"\\\\\\/", "onHand":-7, "zero":0, "most":9223372036854775807,
              "frozen":true, "stale":false, "verifiedAt":null, "é":"ü" }""");

    assertThat(json.text("sku")).isEqualTo("Aé\n\"\\/");
    assertThat(json.number("onHand")).isEqualTo(-7);
    assertThat(json.number("zero")).isZero();
    assertThat(json.number("most")).isEqualTo(Long.MAX_VALUE);
    assertThat(json.flag("frozen")).isTrue();
    assertThat(json.flag("stale")).isFalse();
    assertThat(json.text("é")).isEqualTo("ü");
    assertThat(FlatJson.read("{}")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}}",
        "{} x",
        "[]",
        "\"a\"",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,\"a\":1}",
        "{\"a\":1 \"b\":2}",
        "{a:1}",
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"a\":\"2\"}",
        "{\"a\":01}",
        "{\"a\":1.5}",
        "{\"a\":1e3}",
        "{\"a\":1E3}",
        "{\"a\":+1}",
        "{\"a\":-}",
        "{\"a\":NaN}",
        "{\"a\":truest}",
        "{\"a\":{}}",
        "{\"a\":[1]}",
        "{\"a\":\"b}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":\"\t\"}",
        "{'a':1}",
        "\uFEFF{}"
      })
  void refuses_what_is_no_flat_object(String json) {
    assertThatThrownBy(() -> FlatJson.read(json)).isInstanceOf(UnreadableException.class);
  }

  @Test
  void refuses_a_member_that_is_not_there_or_of_another_kind() {
    FlatJson json =
        FlatJson.read("{\"text\":\"1\",\"number\":1,\"flag\":true,\"big\":9223372036854775808}");

    assertThatThrownBy(() -> json.text("none")).isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> json.text("number")).isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> json.number("text")).isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> json.number("flag")).isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> json.number("big")).isInstanceOf(UnreadableException.class);
    assertThatThrownBy(() -> json.flag("number")).isInstanceOf(UnreadableException.class);
  }

  @Test
  void a_long_text_costs_no_stack() {
    String text = "x\\\\".repeat(1_000_000);

    assertThat(FlatJson.read("{\"a\":\"" + text + "\"}").text("a")).hasSize(2_000_000);
  }
}
