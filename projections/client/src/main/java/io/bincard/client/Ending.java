package io.bincard.client;

import java.time.Duration;

/** How a connection came to its end. */
sealed interface Ending {

  /** It broke off, was closed, or was never made. */
  record Lost(String detail) implements Ending {}

  /**
   * The answer was another one than events.
   *
   * @param retryAfter how long the server wants to be left alone; zero if it does not say
   */
  record Refused(int status, Duration retryAfter, String detail) implements Ending {}

  /**
   * The node goes down, and another one is waiting.
   *
   * @param token for the other node; empty if there is none
   */
  record Redirected(String token, Duration validFor) implements Ending {}

  /** It told what cannot be. */
  record Disbelieved(Gap gap, String detail) implements Ending {}
}
