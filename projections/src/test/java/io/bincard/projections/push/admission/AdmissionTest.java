package io.bincard.projections.push.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bincard.projections.push.admission.Admission.Place;
import io.bincard.projections.storefront.StorefrontProblem;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;

class AdmissionTest {

  private final Admission admission = new Admission(4, 1, 2);

  private void isRefused(String client, boolean wasMoved, int status) {
    int before = admission.taken();
    assertThatThrownBy(() -> admission.admit(client, wasMoved))
        .isInstanceOfSatisfying(
            StorefrontProblem.class,
            problem -> {
              assertThat(problem.answer().getStatusCode().value()).isEqualTo(status);
              assertThat(problem.answer().getHeaders().getFirst(HttpHeaders.RETRY_AFTER))
                  .isEqualTo("1");
            });
    assertThat(admission.taken()).as("places after a refusal").isEqualTo(before);
  }

  @Test
  void one_client_has_so_many_and_gets_a_place_back_when_one_is_given_back() {
    Place first = admission.admit("a", false);
    admission.admit("a", false);
    isRefused("a", false, 429);
    first.close();
    first.close();

    admission.admit("a", false);
    isRefused("a", false, 429);
    assertThat(admission.taken()).isEqualTo(2);
    assertThat(admission.refused(Refusal.CLIENT_LIMIT)).isEqualTo(2);
  }

  @Test
  void all_together_have_so_many_less_a_reserve_for_those_who_were_moved() {
    admission.admit("a", false);
    admission.admit("b", false);
    admission.admit("c", false);
    isRefused("d", false, 429);
    admission.admit("d", true);
    isRefused("e", true, 429);

    assertThat(admission.refused(Refusal.NODE_LIMIT)).isEqualTo(2);
    assertThat(admission.moved()).isEqualTo(1);
  }

  @Test
  void who_was_moved_passes_the_limit_of_one_client() {
    admission.admit("a", false);
    admission.admit("a", false);

    assertThat(admission.admit("a", true)).isNotNull();
  }

  @Test
  void a_node_that_goes_down_lets_nobody_in() {
    admission.close();

    isRefused("a", false, 503);
    isRefused("a", true, 503);
    assertThat(admission.refused(Refusal.STOPPING)).isEqualTo(2);
  }
}
