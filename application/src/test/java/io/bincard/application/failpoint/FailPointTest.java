package io.bincard.application.failpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.bincard.application.failpoint.FailPoint.Armed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FailPointTest {

  @Test
  void is_armed_by_its_name_and_a_count() {
    Armed armed = Armed.parse("after-commit@17");
    assertThat(armed.point()).isEqualTo(FailPoint.AFTER_COMMIT);
    assertThat(armed.left()).hasValue(17);
  }

  @Test
  void halts_nothing_while_none_is_armed() {
    FailPoint.announce();
    for (FailPoint point : FailPoint.values()) {
      point.pass();
    }
    assertThat(System.getenv(FailPoint.VARIABLE)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "after-commit",
        "after-commit@",
        "after-commit@0",
        "after-commit@-1",
        "after-commit@9999999999",
        "AFTER_COMMIT@1",
        "before-lunch@1"
      })
  void refuses_what_makes_no_sense(String setting) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Armed.parse(setting))
        .withMessage(
            "BINCARD_FAIL_POINT must be NAME@COUNT with a NAME of before-commit, after-commit,"
                + " before-token, not "
                + setting);
  }
}
