package io.bincard.domain;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DecisionTest {

  @Test
  void keeps_the_events_that_it_was_made_of_whatever_becomes_of_the_list() {
    List<String> events = new ArrayList<>(List.of("first", "second"));

    Decision.Accepted<String, String> decision = new Decision.Accepted<>(events);
    events.clear();

    assertThat(decision.events()).containsExactly("first", "second");
  }

  @Test
  void names_the_one_event_or_the_one_rejection() {
    assertThat(Decision.<String, String>accept("event"))
        .isEqualTo(new Decision.Accepted<String, String>(List.of("event")));
    assertThat(Decision.<String, String>reject("rule"))
        .isEqualTo(new Decision.Rejected<String, String>("rule"));
  }
}
