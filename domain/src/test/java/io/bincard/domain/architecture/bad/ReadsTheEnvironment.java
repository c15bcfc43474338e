package io.bincard.domain.architecture.bad;

/** Decides by a variable of the process that it happens to run in. */
final class ReadsTheEnvironment {
  private ReadsTheEnvironment() {}

  static boolean isProduction() {
    return "production".equals(System.getenv("BINCARD_STAGE"));
  }
}
