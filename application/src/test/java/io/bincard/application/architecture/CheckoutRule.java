package io.bincard.application.architecture;

import java.util.List;
import java.util.stream.Stream;

/** A rule that the texts of a checkout keep, with samples that it must reject. */
interface CheckoutRule {

  /** One line for each place where {@code checkout} breaks this rule, for a person to read. */
  Stream<String> brokenIn(Checkout checkout);

  /** Samples that each break this rule in another way; at least one. */
  List<Checkout> bad();
}
