package io.bincard.application.embedded;

import java.util.Map;

/**
 * One server that runs beside the application as a process of its own.
 *
 * <p>It runs in its own session, so that a Ctrl-C in the terminal does not reach it before the
 * application, its client, has closed; and it survives a killed application, so starting begins
 * with stopping what a dead run left over.
 */
sealed interface EmbeddedServer permits PostgresServer, RedisServer {

  /**
   * Starts the server and returns when it answers.
   *
   * @throws org.springframework.boot.diagnostics.FailureAnalyzedException if it cannot run; what it
   *     said is part of the message
   */
  void start();

  /** Stops the server: cleanly if it can, by force if not. Does nothing if it does not run. */
  void stop();

  /** What the application must be told to reach the running server: Spring property to value. */
  Map<String, Object> properties();

  /** What runs where, in a few words. */
  String description();
}
