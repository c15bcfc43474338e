package io.bincard.projections.holds;

import io.bincard.domain.hold.HoldStates;
import io.bincard.projections.filling.View;
import io.bincard.projections.reading.ListsProperties;
import io.bincard.projections.reading.SetWalk;
import io.bincard.projections.reading.ViewLooks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Who answers what an order was promised. */
@Configuration(proxyBeanMethods = false)
public class HoldsConfiguration {

  @Bean
  View holdView(HoldStates ledger) {
    return HoldFold.view(ledger);
  }

  @Bean
  HoldsController holdsController(
      ViewLooks looks, SetWalk sets, HoldStates ledger, ListsProperties limits) {
    return new HoldsController(new OrderHolds(looks, sets, ledger), limits.maxPage());
  }
}
