package io.bincard.projections.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.projections.upkeep.ViewStoreState.Rebuilding;
import io.bincard.projections.upkeep.ViewStoreState.Refused;
import io.bincard.projections.upkeep.ViewStoreState.Serving;
import io.bincard.projections.upkeep.ViewStoreState.Unavailable;
import io.bincard.projections.upkeep.ViewStoreState.Unknown;
import io.bincard.projections.viewstore.ViewStoreMark;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

class ViewStoreHealthTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  private static Health in(ViewStoreState state) {
    ViewStatus status = new ViewStatus();
    status.observed(new ViewStoreMark(1, "e1", 3, NOON, 0, null), 9, NOON);
    status.become(state);
    return new ViewStoreHealth(status, () -> NOON.plusMillis(250)).health();
  }

  @Test
  void is_ready_when_views_serve() {
    assertThat(in(new Serving(1, "e1")).getStatus()).isEqualTo(Status.UP);
  }

  @Test
  void tells_how_far_the_views_are_behind() {
    assertThat(in(new Serving(1, "e1")).getDetails())
        .containsEntry("lagEvents", 6L)
        .containsEntry("lagMillis", 250.0);
  }

  @Test
  void is_not_ready_while_views_are_built() {
    Health health = in(new Rebuilding(3, 9));

    assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
    assertThat(health.getDetails())
        .isEqualTo(Map.of("views", "rebuilding", "position", 3L, "target", 9L));
  }

  @Test
  void is_not_ready_before_the_store_was_asked() {
    assertThat(in(new Unknown()).getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
  }

  @Test
  void is_ready_without_a_store_because_the_ledger_answers() {
    assertThat(in(new Unavailable("gone")).getStatus()).isEqualTo(Status.UP);
    assertThat(in(new Refused("evicts")).getStatus()).isEqualTo(Status.UP);
  }
}
