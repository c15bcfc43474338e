package io.bincard.benchmarks.load;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongFunction;
import java.util.regex.Pattern;

/** Commands over HTTP/1.1, built once; a request differs from the next in its keys only. */
public final class HttpWire implements Wire {

  private static final byte[] HEAD_END = bytes("\r\n\r\n");
  private static final byte[] LAST_CHUNK = bytes("\r\n0\r\n\r\n");
  private static final byte[] LENGTH = bytes("Content-Length: ");
  private static final byte[] DONE = bytes("\"status\":\"done\"");
  private static final byte[] CREATED = bytes("HTTP/1.1 201");
  private static final byte[] CLOSE = bytes("Connection: close");
  private static final byte[] BUSY = bytes("HTTP/1.1 503");
  private static final byte[] RETRY_AFTER = bytes("Retry-After: ");
  private static final byte[] OK = bytes("HTTP/1.1 200");
  private static final byte[] ITEM = bytes("\"sku\":\"");

  /** Where the key of each number belongs. */
  public static final String KEY = "{key}";

  private final byte[][] parts;
  private final LongFunction<String> key;
  private final int pieces;
  private final byte[] done;

  private HttpWire(String request, int pieces, byte[] done, LongFunction<String> key) {
    this.parts =
        Pattern.compile(KEY, Pattern.LITERAL)
            .splitAsStream(request)
            .map(HttpWire::bytes)
            .toArray(byte[][]::new);
    this.pieces = pieces;
    this.done = done;
    this.key = key;
  }

  /** Single deductions on {@code path}; {@code key} makes the key of each number, all as long. */
  public static HttpWire single(String path, LongFunction<String> key) {
    String body = "{\"quantity\":1,\"orderId\":\"order-1\"}";
    return new HttpWire(
        post(path, "application/json", "Idempotency-Key: " + KEY + "\r\n", body.length()) + body,
        1,
        DONE,
        key);
  }

  /** Requests of {@code lines} deductions each. */
  public static HttpWire batch(String sku, int lines, LongFunction<String> key) {
    String line =
        "{\"key\":\"%s\",\"type\":\"deduct-stock\",\"sku\":\"%s\",\"quantity\":1,\"orderId\":\"order-1\"}\n"
            .formatted(KEY, sku);
    int length = line.length() - KEY.length() + key.apply(0).length();
    return new HttpWire(
        post("/v1/commands", "application/x-ndjson", "", lines * length) + line.repeat(lines),
        lines,
        DONE,
        key);
  }

  /** Requests that are all the same, of one piece each. */
  static HttpWire of(String path, String body) {
    return new HttpWire(
        post(path, "application/json", "", body.length()) + body, 1, DONE, number -> "");
  }

  /**
   * Questions that are answered with {@code items} stock items each.
   *
   * @param path with {@value #KEY} where {@code key} belongs, if anywhere
   */
  public static HttpWire get(String path, int items, LongFunction<String> key) {
    return new HttpWire("GET " + path + " HTTP/1.1\r\nHost: benchmark\r\n\r\n", items, ITEM, key);
  }

  private static String post(String path, String type, String header, int length) {
    return "POST %s HTTP/1.1\r\nHost: benchmark\r\nContent-Type: %s\r\n%sContent-Length: %d\r\n\r\n"
        .formatted(path, type, header, length);
  }

  @Override
  public int pieces() {
    return pieces;
  }

  @Override
  public void write(long number, ByteBuffer out) {
    out.put(parts[0]);
    for (int i = 1; i < parts.length; i++) {
      out.put(bytes(key.apply(number * pieces + i - 1)));
      out.put(parts[i]);
    }
  }

  @Override
  public int read(byte[] in, int length) {
    int head = indexOf(in, 0, length, HEAD_END);
    if (head < 0) {
      return INCOMPLETE;
    }
    int body = head + HEAD_END.length;
    int stated = indexOf(in, 0, head, LENGTH);
    boolean complete =
        stated < 0
            ? length - LAST_CHUNK.length >= head
                && indexOf(in, length - LAST_CHUNK.length, length, LAST_CHUNK) >= 0
            : length >= body + number(in, stated + LENGTH.length);
    if (!complete) {
      return INCOMPLETE;
    }
    boolean succeeded = startsWith(in, CREATED) || startsWith(in, OK);
    return succeeded ? count(in, body, length, done) : 0;
  }

  @Override
  public boolean refuses(byte[] in, int length) {
    return startsWith(in, BUSY) && indexOf(in, 0, length, RETRY_AFTER) >= 0;
  }

  @Override
  public boolean closes(byte[] in, int length) {
    return indexOf(in, 0, indexOf(in, 0, length, HEAD_END), CLOSE) >= 0;
  }

  private static int count(byte[] in, int from, int to, byte[] text) {
    int count = 0;
    for (int at = indexOf(in, from, to, text);
        at >= 0;
        at = indexOf(in, at + text.length, to, text)) {
      count++;
    }
    return count;
  }

  private static int number(byte[] in, int at) {
    int value = 0;
    for (int i = at; in[i] >= '0' && in[i] <= '9'; i++) {
      value = 10 * value + in[i] - '0';
    }
    return value;
  }

  /** Whether the response in {@code in} says 200. */
  static boolean isOk(byte[] in) {
    return startsWith(in, OK);
  }

  /** Whether {@code ascii} stands in {@code in} at {@code at}; nothing stands nowhere. */
  static boolean startsWith(byte[] in, int at, String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      if (in[at + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return !ascii.isEmpty();
  }

  private static boolean startsWith(byte[] in, byte[] text) {
    return indexOf(in, 0, text.length, text) == 0;
  }

  static int indexOf(byte[] in, int from, int to, byte[] text) {
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
}
