package io.bincard.benchmarks.push;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Clients of server-sent events, served by one thread. */
final class Audience implements AutoCloseable {

  private static final int BUFFER = 1 << 18;
  private static final int DIGITS = 3;
  private static final byte[] SKU = bytes("\"sku\":\"SKU-");
  private static final byte[] VERSION = bytes("\"version\":");
  private static final byte[] ID = bytes("id: ");
  private static final byte[] BLOCK_END = bytes("\n\n");
  private static final byte[] RESYNC = bytes("event: resync");
  private static final byte[] OK = bytes("HTTP/1.1 200");
  private static final byte[] HEAD_END = bytes("\r\n\r\n");
  private static final byte[] NOTHING = {};
  private static final long UNKNOWN = -1;

  private final InetSocketAddress server;
  private final Commits commits;
  private final int skus;
  private final Selector selector;
  private final List<Client> clients = new ArrayList<>();
  private final ByteBuffer received = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] in = new byte[2 * BUFFER];
  private final Random random = new Random(1);
  private final Thread thread;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile Histogram latencies = new Histogram(DIGITS);
  private volatile int restartsASecond;
  private volatile boolean stopped;
  private final LongAdder frames = new LongAdder();
  private final LongAdder resyncs = new LongAdder();
  private long lastRestart;

  /** One client: what it watches, the version that it has of each, and its position. */
  private static final class Client {
    private final int[] items;
    private final long[] versions;
    private final boolean deaf;
    private @Nullable SocketChannel channel;
    private byte[] rest = NOTHING;
    private long position = UNKNOWN;
    private boolean answered;
    private boolean ended;

    Client(int[] items, boolean deaf) {
      this.items = items;
      this.versions = new long[items.length];
      Arrays.fill(versions, UNKNOWN);
      this.deaf = deaf;
    }

    void close() throws IOException {
      if (channel != null) {
        channel.close();
      }
    }
  }

  /**
   * Connects {@code count} clients.
   *
   * @param skus items that there are
   * @param each items that a client watches
   * @param deafOneIn one of so many does not read; 0 for none
   */
  Audience(InetSocketAddress server, int count, int skus, int each, int deafOneIn, Commits commits)
      throws IOException {
    this.server = server;
    this.commits = commits;
    this.skus = skus;
    this.selector = Selector.open();
    for (int i = 0; i < count; i++) {
      int first = i;
      int[] items = new int[each];
      Arrays.setAll(items, at -> (first * 7 + at * (this.skus / each)) % this.skus);
      boolean deaf = deafOneIn > 0 && i % deafOneIn == 0;
      clients.add(new Client(items, deaf));
    }
    this.thread = Thread.ofPlatform().daemon().name("audience").start(this::run);
  }

  private void connect(Client client) throws IOException {
    SocketChannel channel = SocketChannel.open();
    client.channel = channel;
    if (client.deaf) {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, 4_096);
    }
    channel.connect(server);
    StringJoiner skuList = new StringJoiner(",");
    for (int item : client.items) {
      skuList.add("SKU-" + item);
    }
    String request =
        "GET /v1/stock/stream?skus="
            + skuList
            + " HTTP/1.1\r\nHost: benchmark\r\n"
            + (client.position > 0 ? "Last-Event-ID: " + client.position + "\r\n" : "")
            + "\r\n";
    channel.write(ByteBuffer.wrap(bytes(request)));
    channel.configureBlocking(false);
    client.rest = NOTHING;
    client.answered = false;
    if (!client.deaf) {
      channel.register(selector, SelectionKey.OP_READ, client);
    }
  }

  private void run() {
    try {
      for (Client client : clients) {
        connect(client);
        selector.selectNow(this::read);
      }
      lastRestart = System.nanoTime();
      while (!stopped) {
        selector.select(this::read, 5);
        restart();
      }
    } catch (IOException | RuntimeException e) {
      failure.set(e);
    }
  }

  /** Some clients break off and come back with what they have. */
  private void restart() throws IOException {
    long now = System.nanoTime();
    long due = restartsASecond * (now - lastRestart) / 1_000_000_000L;
    if (due == 0) {
      lastRestart = restartsASecond == 0 ? now : lastRestart;
      return;
    }
    lastRestart = now;
    for (long i = 0; i < due; i++) {
      Client client = clients.get(random.nextInt(clients.size()));
      if (!client.deaf) {
        client.close();
        connect(client);
      }
    }
  }

  private void read(SelectionKey key) {
    if (!(key.attachment() instanceof Client client)
        || !(key.channel() instanceof SocketChannel channel)) {
      return;
    }
    try {
      received.clear();
      int read = channel.read(received);
      long now = System.nanoTime();
      if (read < 0) {
        client.ended = true;
        channel.close();
        return;
      }
      int length = client.rest.length;
      System.arraycopy(client.rest, 0, in, 0, length);
      received.flip().get(in, length, read);
      length += read;
      int from = 0;
      for (int end = indexOf(from, length, BLOCK_END);
          end >= 0;
          end = indexOf(from, length, BLOCK_END)) {
        take(client, from, end, now);
        from = end + BLOCK_END.length;
      }
      client.rest = from == length ? NOTHING : Arrays.copyOfRange(in, from, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(Client client, int from, int end, long now) {
    int start = from;
    if (!client.answered) {
      if (indexOf(from, from + OK.length, OK) != from) {
        throw new IllegalStateException(
            "refused: " + new String(in, from, end - from, StandardCharsets.US_ASCII));
      }
      client.answered = true;
      int head = indexOf(from, end, HEAD_END);
      start = head < 0 ? end : head + HEAD_END.length;
    }
    frames.increment();
    if (indexOf(start, end, RESYNC) >= 0) {
      resyncs.increment();
    }
    int id = indexOf(start, end, ID);
    int sku = indexOf(start, end, SKU);
    if (sku >= 0) {
      int item = (int) number(sku + SKU.length);
      long version = number(indexOf(sku, end, VERSION) + VERSION.length);
      for (int i = 0; i < client.items.length; i++) {
        if (client.items[i] == item && version > client.versions[i]) {
          boolean live = client.versions[i] != UNKNOWN;
          client.versions[i] = version;
          long told = commits.toldAt(item, version);
          if (live) {
            latencies.recordValue(told == 0 ? 0 : Math.max(0, now - told));
          }
        }
      }
    }
    if (id >= 0) {
      client.position = Math.max(client.position, number(id + ID.length));
    }
  }

  /** So many clients a second break off and come back from now on. */
  void restart(int aSecond) {
    restartsASecond = aSecond;
  }

  /** Forgets the latencies so far and returns those. */
  Histogram latencies() {
    Histogram before = latencies;
    latencies = new Histogram(DIGITS);
    return before;
  }

  long frames() {
    return frames.sum();
  }

  long resyncs() {
    return resyncs.sum();
  }

  /** Clients that read and lack something of what the ledger has. */
  long behind() {
    check();
    return clients.stream()
        .filter(client -> !client.deaf)
        .filter(
            client -> {
              for (int i = 0; i < client.items.length; i++) {
                if (client.versions[i] < commits.newest(client.items[i])) {
                  return true;
                }
              }
              return false;
            })
        .count();
  }

  /** Connections that the server ended. */
  long ended() {
    return clients.stream().filter(client -> client.ended).count();
  }

  private void check() {
    Throwable broken = failure.get();
    if (broken != null) {
      throw new IllegalStateException("a client failed", broken);
    }
  }

  private long number(int at) {
    long value = 0;
    for (int i = at; in[i] >= '0' && in[i] <= '9'; i++) {
      value = 10 * value + in[i] - '0';
    }
    return value;
  }

  private int indexOf(int from, int to, byte[] text) {
    for (int at = from; at + text.length <= to; at++) {
      int i = 0;
      while (i < text.length && in[at + i] == text[i]) {
        i++;
      }
      if (i == text.length) {
        return at;
      }
    }
    return -1;
  }

  private static byte[] bytes(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    stopped = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (Client client : clients) {
      client.close();
    }
    selector.close();
  }
}
