package io.bincard.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Quotes of one cart over HTTP/1.1, and when each version of the policy first priced one. */
public final class QuoteWire implements Wire {

  private static final byte[] POLICY = bytes("\"policy\":\"");
  private static final int FINGERPRINT = 64;

  private final HttpWire http;
  private final Map<String, Long> firstPricedBy = new ConcurrentHashMap<>();
  private String last = "";

  /**
   * Asks for the price of {@code cart}.
   *
   * @param cart the body, in JSON
   */
  public QuoteWire(String cart) {
    this.http = HttpWire.of("/v1/quotes", cart);
  }

  /** When the first price by {@code fingerprint} was read, by {@link System#nanoTime}. */
  public @Nullable Long firstPricedBy(String fingerprint) {
    return firstPricedBy.get(fingerprint);
  }

  @Override
  public void write(long number, ByteBuffer out) {
    http.write(number, out);
  }

  @Override
  public int read(byte[] in, int length) {
    if (http.read(in, length) == INCOMPLETE) {
      return INCOMPLETE;
    }
    int at = HttpWire.indexOf(in, 0, length, POLICY);
    if (at < 0 || !HttpWire.isOk(in)) {
      return 0;
    }
    int begin = at + POLICY.length;
    if (!HttpWire.startsWith(in, begin, last)) {
      last = new String(in, begin, FINGERPRINT, StandardCharsets.US_ASCII);
      firstPricedBy.putIfAbsent(last, System.nanoTime());
    }
    return 1;
  }

  private static byte[] bytes(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }
}
