package io.bincard.reconciliation.stored;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.Connection;
import redis.clients.jedis.DefaultJedisSocketFactory;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.commands.ProtocolCommand;
import redis.clients.jedis.exceptions.JedisException;

/**
 * All data of a Redis as it was at one moment, as a replica is given it: Redis forks, and the child
 * sends what it has while the parent goes on. A replica that asks for the snapshot alone ({@code
 * rdb-only}, Redis 7) is told of no change after that.
 */
final class Snapshot implements AutoCloseable {

  /** Redis gives no snapshot; the keys are to be scanned. */
  static final class RefusedException extends Exception {
    RefusedException(String why) {
      super(why);
    }
  }

  private static final byte[] SYNC = "SYNC\r\n".getBytes(US_ASCII);
  private static final int LONGEST_LINE = 1_000;

  private enum Command implements ProtocolCommand {
    REPLCONF;

    @Override
    public byte[] getRaw() {
      return name().getBytes(US_ASCII);
    }
  }

  private final Connection connection;
  private final InputStream in;

  private Snapshot(Connection connection, InputStream in) {
    this.connection = connection;
    this.in = in;
  }

  /**
   * Asks for one, which then is of a moment before this returns.
   *
   * @param patience how long Redis may take to begin, and be silent later
   */
  static Snapshot begin(HostAndPort address, JedisClientConfig client, Duration patience)
      throws RefusedException, IOException {
    Socket socket = new DefaultJedisSocketFactory(address, client).createSocket();
    Connection connection = new Connection(() -> socket, client);
    try {
      connection.sendCommand(Command.REPLCONF, "rdb-only", "1");
      connection.getStatusCodeReply();
      connection.sendCommand(Command.REPLCONF, "capa", "eof");
      connection.getStatusCodeReply();
      socket.getOutputStream().write(SYNC);
      awaitBeginning(socket, patience);
      socket.setSoTimeout(Math.toIntExact(patience.toMillis()));
      return new Snapshot(connection, socket.getInputStream());
    } catch (JedisException e) {
      connection.close();
      throw new RefusedException(String.valueOf(e.getMessage()));
    } catch (RefusedException | IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Redis says nothing, or empty lines, until it has forked; then one that begins with a dollar
   * sign, and the snapshot.
   */
  private static void awaitBeginning(Socket socket, Duration patience)
      throws RefusedException, IOException {
    long end = System.nanoTime() + patience.toNanos();
    StringBuilder line = new StringBuilder();
    while (true) {
      long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (left <= 0) {
        throw new RefusedException("it has not begun within " + patience);
      }
      socket.setSoTimeout((int) left);
      int next = read(socket);
      if (next != '\n') {
        line.append((char) next);
      } else if (line.length() > 0 && line.charAt(0) == '$') {
        return;
      } else if (!line.toString().isBlank()) {
        throw new RefusedException(line.toString().strip());
      }
      if (line.length() > LONGEST_LINE) {
        throw new RefusedException("a long answer: " + line);
      }
    }
  }

  private static int read(Socket socket) throws RefusedException, IOException {
    try {
      int next = socket.getInputStream().read();
      if (next < 0) {
        throw new RefusedException("the connection was ended");
      }
      return next;
    } catch (SocketTimeoutException e) {
      throw new RefusedException("it has not begun in time");
    }
  }

  /** What Redis writes into a file otherwise. */
  InputStream stream() {
    return in;
  }

  @Override
  public void close() {
    connection.close();
  }
}
