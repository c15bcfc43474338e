package io.bincard.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.client.fixture.ScriptedServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ShelfTest {

  private static final Path GUIDE = Path.of("../../docs/how-to/follow-stock-from-java.md");
  private static final Path SOURCE = Path.of("src/test/java/io/bincard/client/Shelf.java");

  @Test
  void the_guide_shows_the_example_that_is_compiled_here() throws Exception {
    String source = Files.readString(SOURCE);

    assertThat(Files.readString(GUIDE))
        .contains("```java\n" + source.substring(source.indexOf("final class Shelf")) + "```\n");
  }

  @Test
  void the_example_says_what_is_known_and_no_more() throws Exception {
    try (ScriptedServer server = new ScriptedServer();
        Shelf shelf = new Shelf(List.of("A", "B"), server.uri())) {
      assertThat(shelf.words("A")).isEqualTo("ask us");
      server
          .next()
          .accept()
          .write(
              "id: 0\nevent: snapshot\ndata: {\"sku\":\"A\",\"location\":\"MAIN\",\"onHand\":3,"
                  + "\"reserved\":1,\"available\":2,\"version\":0,\"asOfPosition\":1,\"frozen\":false}\n\n"
                  + "id: 0\nevent: unknown\ndata: {\"sku\":\"B\",\"location\":\"MAIN\"}\n\n"
                  + "id: 1\n\n");
      for (int turn = 0; shelf.words("A").equals("ask us") && turn < 5_000; turn++) {
        LockSupport.parkNanos(1_000_000);
      }

      assertThat(shelf.words("A")).isEqualTo("2 in stock");
      assertThat(shelf.words("B")).isEqualTo("ask us");
    }
  }
}
