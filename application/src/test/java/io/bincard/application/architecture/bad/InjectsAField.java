package io.bincard.application.architecture.bad;

import java.util.List;
import org.springframework.beans.factory.annotation.Autowired;

/** Has its dependency put into a field, where no constructor shows it. */
class InjectsAField {
  @Autowired private List<String> names;

  List<String> names() {
    return names;
  }
}
