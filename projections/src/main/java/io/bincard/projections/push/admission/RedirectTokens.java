package io.bincard.projections.push.admission;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.domain.stock.StockItemId;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Tokens with which a node that goes down sends its clients on: HMAC-SHA256 over who issues it, the
 * items of the connection, the position that it has and the time until which it is good. Another
 * node takes a token once, and not its own.
 */
public final class RedirectTokens {

  private static final String HMAC = "HmacSHA256";
  private static final int MAC_BYTES = 32;
  private static final int STREAM_BYTES = 32;

  /** Node, stream, position, expiry. */
  private static final int BODY_BYTES = 2 * Long.BYTES + STREAM_BYTES + 2 * Long.BYTES;

  private static final int MOST_USED = 100_000;

  private final UUID node;
  private final Supplier<byte[]> secret;
  private final Duration validity;
  private final InstantSource clock;
  private final Map<ByteBuffer, Long> used = new ConcurrentHashMap<>();
  private final LongAdder unaccepted = new LongAdder();

  /**
   * @param node who issues
   * @param secret what the nodes share; empty as long as it is not known
   * @param validity of a token
   */
  public RedirectTokens(
      UUID node, Supplier<byte[]> secret, Duration validity, InstantSource clock) {
    this.node = node;
    this.secret = secret;
    this.validity = validity;
    this.clock = clock;
  }

  /** What the items of a connection are, whatever their order: SHA-256 over them. */
  public static byte[] streamOf(Collection<StockItemId> items) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      items.stream()
          .map(StockItemId::stream)
          .sorted()
          .forEach(stream -> digest.update((stream + '\n').getBytes(UTF_8)));
      return digest.digest();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** How long a token is good, in milliseconds. */
  public long validityMillis() {
    return validity.toMillis();
  }

  /**
   * A token for a client that has {@code stream} up to {@code position}; empty without a secret.
   */
  public String issue(byte[] stream, long position) {
    byte[] key = secret.get();
    if (key.length == 0) {
      return "";
    }
    byte[] body =
        ByteBuffer.allocate(BODY_BYTES)
            .putLong(node.getMostSignificantBits())
            .putLong(node.getLeastSignificantBits())
            .put(stream)
            .putLong(position)
            .putLong(clock.instant().plus(validity).toEpochMilli())
            .array();
    byte[] token = Arrays.copyOf(body, BODY_BYTES + MAC_BYTES);
    System.arraycopy(mac(key, body), 0, token, BODY_BYTES, MAC_BYTES);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
  }

  /**
   * Whether {@code token} was issued by another node for {@code stream}, is good still, and was not
   * shown here before. What is not is counted and no error.
   */
  public boolean accepts(String token, byte[] stream) {
    boolean accepted = check(token, stream);
    if (!accepted) {
      unaccepted.increment();
    }
    return accepted;
  }

  private boolean check(String token, byte[] stream) {
    byte[] key = secret.get();
    if (key.length == 0 || token.length() > 2 * (BODY_BYTES + MAC_BYTES)) {
      return false;
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(token);
    } catch (IllegalArgumentException malformed) {
      return false;
    }
    if (bytes.length != BODY_BYTES + MAC_BYTES) {
      return false;
    }
    byte[] body = Arrays.copyOf(bytes, BODY_BYTES);
    byte[] mac = Arrays.copyOfRange(bytes, BODY_BYTES, bytes.length);
    if (!MessageDigest.isEqual(mac, mac(key, body))) {
      return false;
    }
    ByteBuffer told = ByteBuffer.wrap(body);
    UUID issuer = new UUID(told.getLong(), told.getLong());
    byte[] toldStream = new byte[STREAM_BYTES];
    told.get(toldStream);
    told.getLong(); // the position is the client's own to ask for
    long left = told.getLong() - clock.instant().toEpochMilli();
    return !issuer.equals(node)
        && MessageDigest.isEqual(toldStream, stream)
        && left > 0
        && left <= validity.toMillis()
        && useOnce(ByteBuffer.wrap(mac), left);
  }

  private boolean useOnce(ByteBuffer mac, long leftMillis) {
    long now = clock.instant().toEpochMilli();
    if (used.size() >= MOST_USED) {
      used.values().removeIf(until -> until <= now);
    }
    return used.size() < MOST_USED && used.putIfAbsent(mac, now + leftMillis) == null;
  }

  /** Tokens that were shown here and not taken. */
  public long unaccepted() {
    return unaccepted.sum();
  }

  private static byte[] mac(byte[] key, byte[] body) {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(key, HMAC));
      return mac.doFinal(body);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has " + HMAC, e);
    }
  }
}
