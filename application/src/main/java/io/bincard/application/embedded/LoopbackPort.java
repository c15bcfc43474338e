package io.bincard.application.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** Where embedded servers listen: a TCP port that only this machine can reach. */
final class LoopbackPort {

  /** The address every embedded server binds to. */
  static final String ADDRESS = "127.0.0.1";

  /**
   * How often a start is tried with another free port. A free port is found by binding and letting
   * go, so somebody else can be faster.
   */
  static final int ATTEMPTS = 3;

  private LoopbackPort() {}

  /** Returns {@code configured}, or a port that is free at this moment if it is 0. */
  static int choose(int configured) {
    if (configured != 0) {
      return configured;
    }
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.ofLiteral(ADDRESS))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
