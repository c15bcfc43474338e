package io.bincard.application.faults.audience;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bincard.application.faults.audience.Client.Heard;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Clients of live stock, served by one thread: half of them by events and half by sockets, one in a
 * hundred slow. All the while a few break off and come back, and a few are gone for good and
 * replaced by others.
 */
public final class Audience implements AutoCloseable {

  /** Clients of a node that was stopped which were told so before it left them. */
  public static final String SENT_ON = "sent on";

  /** And those which were not. */
  public static final String NOT_SENT_ON = "not sent on";

  private static final int BUFFER = 1 << 18;
  private static final byte[] NOTHING = {};

  private static final int SLOW_ONE_IN = 100;
  private static final int SLOW_BUFFER_BYTES = 4_096;

  /** Of the clients, so many break off or are replaced each second. */
  private static final int CHURN_ONE_IN = 100;

  /** Items of a client that is not slow; a slow one follows all. */
  private static final int MOST_ITEMS = 6;

  /** Before a lost connection is tried again, at most. */
  private static final Duration PAUSE = Duration.ofMillis(500);

  /** For how long a slow client does not read, and then does, at most. */
  private static final Duration DEAF = Duration.ofSeconds(6);

  private static final Duration AWAKE = Duration.ofSeconds(1);

  /** Of who asks; the thread may be gone. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final List<String> skus;
  private final Supplier<URI> node;
  private final Consumer<String> violation;
  private final Random random;
  private final Selector selector;
  private final Thread thread;
  private final List<Client> clients = new ArrayList<>();
  private final Map<Client, Line> lines = new HashMap<>();
  private final PriorityQueue<Due> dues = new PriorityQueue<>();
  private final Queue<Runnable> asked = new ConcurrentLinkedQueue<>();
  private final ByteBuffer received = ByteBuffer.allocateDirect(BUFFER);
  private final Map<String, Map<Long, Long>> onHand = new HashMap<>();
  private final Map<String, Long> counts = new TreeMap<>();
  private final List<Long> killed = new ArrayList<>();
  private final List<Long> stopped = new ArrayList<>();
  private List<Claim> claims = new ArrayList<>();
  private List<Fact> facts = new ArrayList<>();
  private @Nullable Map<String, Long> versionsWhenStruck;
  private boolean isQuiet;
  private boolean isClosed;

  /** What is on the way of a connection. */
  private static final class Line {
    private byte[] rest = NOTHING;
    private boolean isAnswered;
  }

  private record Due(long atNanos, Runnable task) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(atNanos - other.atNanos, 0);
    }
  }

  /** A client was told: you have everything up to {@code position}. It had these versions. */
  record Claim(List<String> skus, List<Long> versions, long position) {}

  /** A client was told this of an item. */
  record Fact(String sku, long version, long onHand) {}

  /**
   * Connects {@code count} clients.
   *
   * @param skus that they follow
   * @param node where a client tries next
   * @param violation is told what must not be
   */
  public Audience(
      int count, List<String> skus, Supplier<URI> node, long seed, Consumer<String> violation)
      throws IOException {
    this.skus = List.copyOf(skus);
    this.node = node;
    this.violation = violation;
    this.random = new Random(seed);
    this.selector = Selector.open();
    for (int i = 0; i < count; i++) {
      clients.add(newClient(i % SLOW_ONE_IN == 0));
    }
    this.thread = Thread.ofPlatform().daemon().name("audience").start(this::run);
  }

  private Client newClient(boolean isSlow) {
    List<String> followed = new ArrayList<>(skus);
    Collections.shuffle(followed, random);
    int most = isSlow ? skus.size() : 1 + random.nextInt(MOST_ITEMS);
    Way way = random.nextBoolean() ? Way.EVENTS : Way.SOCKET;
    return new Client(way, isSlow, followed.subList(0, most));
  }

  // The thread

  private void run() {
    try {
      clients.forEach(client -> later(PAUSE, () -> connect(client)));
      later(Duration.ofSeconds(1), this::churn);
      while (!isClosed) {
        selector.select(this::ready, 5);
        for (Runnable task = asked.poll(); task != null; task = asked.poll()) {
          task.run();
        }
        while (!dues.isEmpty() && dues.peek().atNanos() - System.nanoTime() <= 0) {
          dues.remove().task().run();
        }
      }
    } catch (IOException | RuntimeException e) {
      violation.accept("the audience failed: " + e);
      throw new IllegalStateException(e);
    }
  }

  /** At some time within {@code most}. */
  private void later(Duration most, Runnable task) {
    dues.add(new Due(System.nanoTime() + random.nextLong(most.toNanos()), task));
  }

  private void count(String what) {
    counts.merge(what, 1L, Long::sum);
  }

  private void wrong(String what, Client client) {
    count("wrong");
    violation.accept("a client was told " + what + ": " + client);
  }

  private void connect(Client client) {
    if (isClosed || !clients.contains(client)) {
      return;
    }
    URI to = node.get();
    for (int draw = 0; client.isSentOn() && to.equals(client.link().node()) && draw < 10; draw++) {
      to = node.get();
    }
    try {
      SocketChannel channel = SocketChannel.open();
      if (client.isSlow()) {
        channel.setOption(StandardSocketOptions.SO_RCVBUF, SLOW_BUFFER_BYTES);
      }
      channel.configureBlocking(false);
      client.link(to, channel);
      lines.put(client, new Line());
      channel.register(selector, SelectionKey.OP_CONNECT, client);
      channel.connect(new InetSocketAddress(to.getHost(), to.getPort()));
    } catch (IOException e) {
      lost(client);
    }
  }

  private void ready(SelectionKey key) {
    if (!(key.attachment() instanceof Client client)
        || key.channel() != client.link().channel()
        || !(key.channel() instanceof SocketChannel channel)) {
      return;
    }
    try {
      if (key.isConnectable()) {
        channel.finishConnect();
        count("connections");
        key.interestOps(SelectionKey.OP_READ);
        String list = String.join(",", client.skus());
        write(
            channel,
            client.way().request(list, client.position(), client.takeToken()).getBytes(ISO_8859_1));
        if (client.isSlow()) {
          later(AWAKE, () -> listen(client, channel, false));
        }
      } else {
        read(client, channel);
      }
    } catch (IOException e) {
      lost(client);
    }
  }

  private static void write(SocketChannel channel, byte[] bytes) throws IOException {
    if (channel.write(ByteBuffer.wrap(bytes)) < bytes.length) {
      throw new IOException("the socket does not take " + bytes.length + " bytes");
    }
  }

  /** A slow client reads or does not, and then the other way round. */
  private void listen(Client client, SocketChannel channel, boolean reads) {
    SelectionKey key = channel.keyFor(selector);
    if (key == null || !key.isValid()) {
      return;
    }
    key.interestOps(reads || isQuiet ? SelectionKey.OP_READ : 0);
    if (!isQuiet) {
      later(reads ? AWAKE : DEAF, () -> listen(client, channel, !reads));
    }
  }

  private void read(Client client, SocketChannel channel) throws IOException {
    Line line = Objects.requireNonNull(lines.get(client));
    received.clear();
    int read = channel.read(received);
    if (read < 0) {
      lost(client);
      return;
    }
    byte[] in = Arrays.copyOf(line.rest, line.rest.length + read);
    received.flip().get(in, line.rest.length, read);
    if (!line.isAnswered) {
      in = head(client, channel, line, in);
    }
    int used =
        line.isAnswered
            ? client
                .way()
                .take(in, in.length, word -> hear(client, word), answer -> answer(channel, answer))
            : 0;
    line.rest = used == in.length ? NOTHING : Arrays.copyOfRange(in, used, in.length);
  }

  private void answer(SocketChannel channel, byte[] bytes) {
    try {
      write(channel, bytes);
      count("pongs");
    } catch (IOException closing) {
      count("pongs that came too late");
    }
  }

  /** What is left of {@code in} behind the head of the answer, if that is whole. */
  private byte[] head(Client client, SocketChannel channel, Line line, byte[] in)
      throws IOException {
    String text = new String(in, ISO_8859_1);
    int end = text.indexOf("\r\n\r\n");
    if (end < 0) {
      return in;
    }
    String status = text.substring(9, 12);
    switch (status) {
      case "200", "101" -> {
        line.isAnswered = true;
        byte[] question = client.way().question(client.skus(), client.position());
        if (question.length > 0) {
          write(channel, question);
        }
        return Arrays.copyOfRange(in, end + 4, in.length);
      }
      case "429", "503" -> {
        count("refused");
        throw new IOException("refused");
      }
      default -> {
        wrong(text, client);
        throw new IOException(status);
      }
    }
  }

  private void hear(Client client, Word word) {
    count("words");
    Heard heard = client.hear(word);
    if (word.type().equals("snapshot") || word.type().equals("stock")) {
      note(client, word);
    }
    switch (heard) {
      case WHOLE -> claims.add(new Claim(client.skus(), client.versions(), client.position()));
      case OLDER -> count("older");
      case RESYNCED -> count("resync " + word.text("reason"));
      case REDIRECTED -> count("redirects");
      case WRONG -> wrong(word.toString(), client);
      case NOTHING -> {}
    }
    back(client);
  }

  /** All clients must be told the same of a version; the journal will say whether it is right. */
  private void note(Client client, Word word) {
    Told told = Told.of(word);
    String sku = word.text("sku");
    Long before =
        onHand
            .computeIfAbsent(sku, _ -> new HashMap<>())
            .putIfAbsent(told.version(), told.onHand());
    if (before == null) {
      facts.add(new Fact(sku, told.version(), told.onHand()));
    } else if (before != told.onHand()) {
      wrong(word + ", and another one " + before, client);
    }
  }

  private void back(Client client) {
    if (client.isStruck() && versionsWhenStruck != null && client.isBack(versionsWhenStruck)) {
      long millis = Duration.ofNanos(System.nanoTime() - client.strike().atNanos()).toMillis();
      (client.strike().isKill() ? killed : stopped).add(millis);
      client.back();
    }
  }

  private void lost(Client client) {
    if (client.isStruck()
        && !client.strike().isKill()
        && client.link().number() == client.strike().number()) {
      count(client.isSentOn() ? SENT_ON : NOT_SENT_ON);
    }
    hangUp(client, false);
    later(client.isSentOn() ? Duration.ofMillis(1) : PAUSE, () -> connect(client));
  }

  private static void hangUp(Client client, boolean byReset) {
    SocketChannel channel = client.link().channel();
    client.link(client.link().node(), null);
    if (channel == null) {
      return;
    }
    try (channel) {
      if (byReset) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void churn() {
    for (int i = 0; i < clients.size() / CHURN_ONE_IN && !isQuiet; i++) {
      int at = random.nextInt(clients.size());
      Client client = clients.get(at);
      if (client.isStruck() || client.link().channel() == null) {
        continue;
      }
      hangUp(client, random.nextBoolean());
      if (random.nextBoolean()) {
        count("broke off");
        later(PAUSE, () -> connect(client));
      } else {
        count("replaced");
        lines.remove(client);
        Client next = newClient(client.isSlow());
        clients.set(at, next);
        later(PAUSE, () -> connect(next));
      }
    }
    dues.add(new Due(System.nanoTime() + Duration.ofSeconds(1).toNanos(), this::churn));
  }

  // Other threads

  private <T> T ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    asked.add(() -> answer.complete(question.get()));
    selector.wakeup();
    return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** How many have everything up to some position. */
  public long whole() {
    return ask(() -> clients.stream().filter(client -> client.position() > 0).count());
  }

  /**
   * The node at {@code victim} is struck next; returns how many clients it has that are awaited at
   * another one.
   */
  public long strike(URI victim, boolean isKill) {
    return ask(
        () -> {
          versionsWhenStruck = null;
          return clients.stream()
              .filter(client -> client.link().channel() != null)
              .filter(client -> client.link().node().equals(victim) && client.position() > 0)
              .filter(client -> !client.isSlow())
              .peek(client -> client.struck(isKill))
              .count();
        });
  }

  /** What the ledger had when it was struck. */
  public void expect(Map<String, Long> versions) {
    Map<String, Long> all = Map.copyOf(versions);
    boolean unused =
        ask(
            () -> {
              versionsWhenStruck = all;
              clients.forEach(this::back);
              return true;
            });
  }

  /** Clients whose node was struck and which do not have what the ledger had then. */
  public long awaited() {
    return ask(() -> clients.stream().filter(Client::isStruck).count());
  }

  /** From now on nobody breaks off, and the slow ones read. */
  public void quiet() {
    boolean unused =
        ask(
            () -> {
              isQuiet = true;
              for (SelectionKey key : selector.keys()) {
                if (key.isValid() && key.interestOps() == 0) {
                  key.interestOps(SelectionKey.OP_READ);
                }
              }
              return true;
            });
  }

  /** Clients that do not know of each of their items what {@code ledger} says. */
  public List<String> behind(Map<String, Told> ledger) {
    return ask(
        () ->
            clients.stream()
                .filter(
                    client ->
                        !client.skus().stream()
                            .allMatch(sku -> Objects.equals(client.known(sku), ledger.get(sku))))
                .map(Client::toString)
                .toList());
  }

  /**
   * Holds what was told since the last time against {@code books}, which have read on since:
   * whoever was told that nothing before a position is missing had that, and no number was wrong.
   *
   * @return how many positions were held against them
   */
  public int check(Books books) {
    List<Claim> claimed = new ArrayList<>();
    List<Fact> told = new ArrayList<>();
    boolean unused =
        ask(
            () -> {
              claimed.addAll(claims);
              told.addAll(facts);
              claims = new ArrayList<>();
              facts = new ArrayList<>();
              return true;
            });
    books.readOn(); // all that was told is committed
    for (Claim claim : claimed) {
      for (int i = 0; i < claim.skus().size(); i++) {
        String sku = claim.skus().get(i);
        if (claim.versions().get(i) < books.versionAt(sku, claim.position())) {
          violation.accept(
              "missed: a client was told %d and has version %d of %s, which had %d then"
                  .formatted(
                      claim.position(),
                      claim.versions().get(i),
                      sku,
                      books.versionAt(sku, claim.position())));
        }
      }
    }
    for (Fact fact : told) {
      if (!books.had(fact.sku(), fact.version(), fact.onHand())) {
        violation.accept("the journal does not have what was told: " + fact);
      }
    }
    return claimed.size();
  }

  /** What happened so far. */
  public Map<String, Long> counts() {
    return ask(() -> new TreeMap<>(counts));
  }

  /** Milliseconds from a kill until each client of that node was as far as the ledger then. */
  public List<Long> killed() {
    return ask(() -> List.copyOf(killed));
  }

  /** The same from the signal to stop in good order. */
  public List<Long> stopped() {
    return ask(() -> List.copyOf(stopped));
  }

  @Override
  public void close() throws IOException {
    asked.add(() -> isClosed = true);
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    for (Client client : clients) {
      hangUp(client, false);
    }
    selector.close();
  }
}
