package io.bincard.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * Connections that stay open, each with one request under way, served by one thread: it copies
 * prepared bytes and counts, so that a core that it shares with the server goes to the server.
 */
public final class Connections {

  private static final int BUFFER = 1 << 20;
  private static final int BUFFER_OF_ONE = 1 << 14;
  private static final int DIGITS = 3;

  private final Wire wire;
  private final long start = System.nanoTime();
  private final long end;
  private final Histogram latencies = new Histogram(DIGITS);
  private final Overload overload = new Overload();
  private final long interval;
  private final Deque<Line> idle = new ArrayDeque<>();
  private long next;
  private long sent;
  private long done;
  private long failed;
  private int busy;

  /**
   * @param interval nanoseconds from one request to the next, 0 for as fast as answers come
   */
  private Connections(Wire wire, long first, Duration time, long interval) {
    this.wire = wire;
    this.next = first;
    this.end = start + time.toNanos();
    this.interval = interval;
  }

  /** One connection and what is under way on it. */
  private static final class Line {
    SocketChannel channel;
    final ByteBuffer out;
    final ByteBuffer received;
    final byte[] in;
    int length;
    long sentAt;

    Line(SocketChannel channel, int pieces) {
      this.channel = channel;
      int size = pieces == 1 ? BUFFER_OF_ONE : BUFFER;
      this.out = ByteBuffer.allocateDirect(size);
      this.received = ByteBuffer.allocateDirect(size);
      this.in = new byte[size];
    }
  }

  /**
   * Runs {@code count} connections for {@code time} and waits for the last responses.
   *
   * @param first number of the first request
   */
  public static Sample run(
      InetSocketAddress server, int count, Wire wire, long first, Duration time)
      throws IOException {
    Connections all = new Connections(wire, first, time, 0);
    all.run(server, count);
    return Sample.of(all.done, all.failed, System.nanoTime() - all.start, all.latencies);
  }

  /**
   * The same at a fixed pace: latencies count from when a request was due, whether or not a
   * connection was free for it.
   */
  public static Sample paced(
      InetSocketAddress server, int count, Wire wire, double perSecond, Duration time)
      throws IOException {
    Connections all =
        new Connections(wire, 0, time, Math.round(TimeUnit.SECONDS.toNanos(1) / perSecond));
    all.run(server, count);
    return Sample.of(all.done, all.failed, System.nanoTime() - all.start, all.latencies);
  }

  /** The same with more connections than the server has room for. */
  public static Overload.Window overload(
      InetSocketAddress server, int count, Wire wire, long first, Duration time)
      throws IOException {
    Connections all = new Connections(wire, first, time, 0);
    all.run(server, count);
    return all.overload.window();
  }

  private void run(InetSocketAddress server, int count) throws IOException {
    try (Selector selector = Selector.open()) {
      try {
        for (int i = 0; i < count; i++) {
          Line line = connect(selector, server, new Line(SocketChannel.open(), wire.pieces()));
          if (interval == 0) {
            busy++;
            send(line);
          } else {
            idle.add(line);
          }
        }
        while (busy > 0 || (interval > 0 && due() < end)) {
          if (interval > 0) {
            sendWhatIsDue();
            selector.select(key -> serve(key, server), 1);
          } else {
            selector.select(key -> serve(key, server));
          }
        }
      } finally {
        for (SelectionKey key : selector.keys()) {
          key.channel().close();
        }
      }
    }
  }

  /** When the next request is to be sent. */
  private long due() {
    return start + sent * interval;
  }

  private void sendWhatIsDue() throws IOException {
    while (!idle.isEmpty() && due() < end && due() <= System.nanoTime()) {
      busy++;
      Line line = idle.removeFirst();
      long due = due();
      send(line);
      line.sentAt = due;
      sent++;
    }
  }

  private void serve(SelectionKey key, InetSocketAddress server) {
    if (!(key.attachment() instanceof Line line)) {
      return;
    }
    try {
      if (line.out.hasRemaining()) {
        line.channel.write(line.out);
      }
      line.received.clear();
      int read = line.channel.read(line.received);
      if (read < 0) {
        throw new IOException("the server closed a connection");
      }
      line.received.flip().get(line.in, line.length, read);
      line.length += read;
      int succeeded = line.length == 0 ? Wire.INCOMPLETE : wire.read(line.in, line.length);
      if (succeeded != Wire.INCOMPLETE) {
        long now = System.nanoTime();
        latencies.recordValue(now - line.sentAt);
        done += succeeded;
        failed += wire.pieces() - succeeded;
        overload.ended(
            succeeded == wire.pieces()
                ? Overload.End.DONE
                : wire.refuses(line.in, line.length) ? Overload.End.REFUSED : Overload.End.FAILED,
            line.sentAt);
        boolean closes = wire.closes(line.in, line.length);
        line.length = 0;
        if (interval > 0) {
          if (closes) {
            throw new IOException("the server closes a connection that is to stay");
          }
          busy--;
          idle.add(line);
        } else if (now < end && closes) {
          key.cancel();
          line.channel.close();
          line.channel = SocketChannel.open();
          send(connect(key.selector(), server, line));
          return;
        } else if (now < end) {
          send(line);
        } else {
          busy--;
          key.cancel();
          line.channel.close();
          return;
        }
      }
      key.interestOps(
          line.out.hasRemaining()
              ? SelectionKey.OP_READ | SelectionKey.OP_WRITE
              : SelectionKey.OP_READ);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A server may close after a number of requests; the next one then pays for a connection. */
  private Line connect(Selector selector, InetSocketAddress server, Line line) throws IOException {
    line.channel.connect(server);
    line.channel.setOption(StandardSocketOptions.TCP_NODELAY, true).configureBlocking(false);
    line.channel.register(selector, SelectionKey.OP_READ, line);
    return line;
  }

  private void send(Line line) throws IOException {
    line.out.clear();
    wire.write(next++, line.out);
    line.out.flip();
    line.sentAt = System.nanoTime();
    line.channel.write(line.out);
  }
}
