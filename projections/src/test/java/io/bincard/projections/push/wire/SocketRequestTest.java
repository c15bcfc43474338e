package io.bincard.projections.push.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SocketRequestTest {

  private static final String WHOLE =
      "{\"type\":\"subscribe\",\"skus\":[\"A\",\"B\",\"A\"],\"location\":\"SOUTH\",\"lastPosition\":7,\"redirectToken\":\"t\"}";

  @Test
  void reads_what_a_client_may_say() {
    LocationId south = new LocationId("SOUTH");
    assertThat(SocketRequest.parse(WHOLE, 3))
        .isEqualTo(
            new SocketRequest.Subscribe(
                List.of(new StockItemId(new Sku("A"), south), new StockItemId(new Sku("B"), south)),
                7));
    assertThat(SocketRequest.parse("{\"type\":\"unsubscribe\",\"skus\":[\"A\"]}", 3))
        .isEqualTo(
            new SocketRequest.Unsubscribe(List.of(new StockItemId(new Sku("A"), LocationId.MAIN))));
    assertThat(SocketRequest.parse("{\"type\":\"ping\",\"id\":\"x\"}", 3))
        .isEqualTo(new SocketRequest.Ping("x"));
    assertThat(SocketRequest.parse("{\"type\":\"ping\",\"id\":-1}", 3))
        .isEqualTo(new SocketRequest.Ping(-1L));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "\"subscribe\"",
        "{}",
        "{\"type\":\"other\"}",
        "{\"type\":\"subscribe\"}",
        "{\"type\":\"subscribe\",\"skus\":\"A\"}",
        "{\"type\":\"subscribe\",\"skus\":[]}",
        "{\"type\":\"subscribe\",\"skus\":[1]}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\",\"B\",\"C\",\"D\"]}",
        "{\"type\":\"subscribe\",\"skus\":[\"a@b\"]}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\"],\"location\":1}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\"],\"location\":\"\"}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\"],\"lastPosition\":-1}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\"],\"lastPosition\":1.0}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\"],\"lastPosition\":\"1\"}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\"],\"lastPosition\":9223372036854775808}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\"],\"more\":1}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\"],\"skus\":[\"A\"]}",
        "{\"type\":\"subscribe\",\"skus\":[\"A\"]} {}",
        "{\"type\":\"unsubscribe\",\"skus\":[\"A\"],\"lastPosition\":1}",
        "{\"type\":\"ping\"}",
        "{\"type\":\"ping\",\"id\":{}}",
        "{\"type\":\"ping\",\"id\":1.5}",
        "{\"type\":\"ping\",\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}"
      })
  void refuses_everything_else(String text) {
    assertThatThrownBy(() -> SocketRequest.parse(text, 3))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void no_noise_does_more_than_be_refused() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder noise = new StringBuilder(WHOLE);
      for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
        int at = random.nextInt(noise.length());
        switch (random.nextInt(3)) {
          case 0 -> noise.setCharAt(at, (char) random.nextInt(0x250));
          case 1 -> noise.deleteCharAt(at);
          default -> noise.insert(at, "{}[]\",:\\u0e-".charAt(random.nextInt(12)));
        }
      }
      try {
        assertThat(SocketRequest.parse(noise.toString(), 3)).isNotNull();
      } catch (InvalidValueException refused) {
        assertThat(refused.getMessage()).isNotBlank();
      }
    }
  }
}
