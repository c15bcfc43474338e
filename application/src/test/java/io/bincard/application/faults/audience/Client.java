package io.bincard.application.faults.audience;

import java.net.URI;
import java.nio.channels.SocketChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One client: what it follows, what it knows, and the connection that it has, if it has one. It
 * does what the reference asks of a client: keeps the higher version, goes on from its position,
 * and drops everything at a resync.
 */
final class Client {

  private final Way way;
  private final boolean isSlow;
  private final List<String> skus;
  private final @Nullable Told[] known;
  private final long[] heard;
  private long position = Word.NO_POSITION;
  private String token = "";
  private int wholeOn;

  private Link link = new Link(0, URI.create(""), null);
  private Strike strike = Strike.NONE;

  /**
   * One connection.
   *
   * @param number of the client's connections
   */
  record Link(int number, URI node, @Nullable SocketChannel channel) {}

  /**
   * The node of the client's connection was struck.
   *
   * @param number of that connection
   * @param atNanos when
   */
  record Strike(int number, long atNanos, boolean isKill) {
    static final Strike NONE = new Strike(0, 0, true);
  }

  /** What came of a word. */
  enum Heard {
    NOTHING,
    /** It has everything up to its position. */
    WHOLE,
    /** An older version than the client has. */
    OLDER,
    RESYNCED,
    REDIRECTED,
    /** What must not be. */
    WRONG
  }

  Client(Way way, boolean isSlow, List<String> skus) {
    this.way = way;
    this.isSlow = isSlow;
    this.skus = List.copyOf(skus);
    this.known = new Told[skus.size()];
    this.heard = new long[skus.size()];
  }

  Way way() {
    return way;
  }

  boolean isSlow() {
    return isSlow;
  }

  List<String> skus() {
    return skus;
  }

  /** The position up to which it has everything; {@link Word#NO_POSITION} if there is none. */
  long position() {
    return position;
  }

  Link link() {
    return link;
  }

  /** A connection begins, or ends if {@code channel} is {@code null}. */
  void link(URI node, @Nullable SocketChannel channel) {
    link = new Link(link.number() + (channel == null ? 0 : 1), node, channel);
    Arrays.fill(heard, Books.UNREGISTERED);
  }

  /** The token that it was sent on with, once. */
  String takeToken() {
    String taken = token;
    token = "";
    return taken;
  }

  boolean isSentOn() {
    return !token.isEmpty();
  }

  /** The node that it is connected to is struck now. */
  void struck(boolean isKill) {
    strike = new Strike(link.number(), System.nanoTime(), isKill);
  }

  Strike strike() {
    return strike;
  }

  boolean isStruck() {
    return strike.number() > 0;
  }

  /** Whether it was told everything that the ledger had when it was struck, by another node. */
  boolean isBack(Map<String, Long> versions) {
    return wholeOn > strike.number()
        && skus.stream().allMatch(sku -> version(sku) >= versions.getOrDefault(sku, 0L));
  }

  void back() {
    strike = Strike.NONE;
  }

  List<Long> versions() {
    return skus.stream().map(this::version).toList();
  }

  private long version(String sku) {
    Told told = known[skus.indexOf(sku)];
    return told == null ? Books.UNREGISTERED : told.version();
  }

  @Nullable Told known(String sku) {
    return known[skus.indexOf(sku)];
  }

  Heard hear(Word word) {
    return switch (word.type()) {
      case "snapshot", "stock" -> {
        Heard item = item(word);
        yield item == Heard.NOTHING || item == Heard.OLDER ? moved(word, item) : item;
      }
      case "unknown" -> skus.contains(word.text("sku")) ? moved(word, Heard.NOTHING) : Heard.WRONG;
      case "heartbeat" -> moved(word, Heard.NOTHING);
      case "resync" -> {
        Arrays.fill(known, null);
        position = Word.NO_POSITION;
        yield Heard.RESYNCED;
      }
      case "redirect" -> {
        token = word.text("token");
        yield token.isEmpty() ? Heard.WRONG : Heard.REDIRECTED;
      }
      default -> Heard.WRONG;
    };
  }

  private Heard item(Word word) {
    int at = skus.indexOf(word.text("sku"));
    if (at < 0) {
      return Heard.WRONG;
    }
    Told told = Told.of(word);
    if (told.version() < heard[at]) {
      return Heard.WRONG; // within one connection versions only rise
    }
    heard[at] = told.version();
    Told before = known[at];
    if (before != null && before.version() > told.version()) {
      return Heard.OLDER;
    }
    known[at] = told;
    return Heard.NOTHING;
  }

  private Heard moved(Word word, Heard otherwise) {
    if (word.position() == Word.NO_POSITION) {
      return otherwise;
    }
    if (word.position() == 0) {
      position = 0;
      return otherwise;
    }
    if (word.position() < position) {
      return Heard.WRONG; // an id is never before one that was gone on from
    }
    position = word.position();
    wholeOn = link.number();
    return Heard.WHOLE;
  }

  @Override
  public String toString() {
    return "%s%s at %s by %s, which knows %s of %s"
        .formatted(
            isSlow ? "slow " : "",
            way,
            position,
            link.node(),
            Arrays.stream(known).map(Objects::toString).toList(),
            skus);
  }
}
