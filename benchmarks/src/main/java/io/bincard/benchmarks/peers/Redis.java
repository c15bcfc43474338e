package io.bincard.benchmarks.peers;

import static java.util.Map.entry;

import io.bincard.benchmarks.load.Connections;
import io.bincard.benchmarks.load.Sample;
import io.bincard.benchmarks.load.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/** Check and decrement in a Redis of its own that flushes its file before it answers. */
public final class Redis implements AutoCloseable {

  private static final long OPENING = 1_000_000_000_000L;
  private static final int CONNECTIONS = 50;
  private static final int ATTEMPTS = 500;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** A row of the view of a stock item. */
  private static final Map<String, String> FIELDS =
      Map.ofEntries(
          entry("epoch", "main/00000000-0000-4000-8000-000000000000"),
          entry("version", "1000000"),
          entry("id", "SKU-1000@MAIN"),
          entry("sku", "SKU-1000"),
          entry("location", "MAIN"),
          entry("onHand", "1000000"),
          entry("reserved", "0"),
          entry("lapses", ""),
          entry("available", "1000000"),
          entry("safetyStock", "0"),
          entry("backorderLimit", "0"),
          entry("frozen", "false"),
          entry("position", "1000000"));

  private static final String DEDUCT =
      "local left = tonumber(redis.call('get', KEYS[1])) "
          + "if left < tonumber(ARGV[1]) then return -1 end "
          + "return redis.call('decrby', KEYS[1], ARGV[1])";

  private final Process process;
  private final InetSocketAddress address;
  private final byte[] request;

  /**
   * Starts it.
   *
   * @param programs where the embedded Redis was unpacked
   * @param folder where its append-only file goes
   */
  public Redis(Path programs, Path folder) throws IOException {
    Path program;
    try (Stream<Path> files = Files.walk(programs)) {
      program = files.filter(file -> file.endsWith("redis-server")).findFirst().orElseThrow();
    }
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    Files.createDirectories(folder);
    this.address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.process =
        new ProcessBuilder(
                program.toString(),
                "--port",
                Integer.toString(port),
                "--bind",
                "127.0.0.1",
                "--dir",
                folder.toString(),
                "--appendonly",
                "yes",
                "--appendfsync",
                "always",
                "--save",
                "")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("redis.log").toFile())
            .start();
    awaitReady();
    ask("SET", "stock", Long.toString(OPENING));
    this.request = bytes("EVALSHA", ask("SCRIPT", "LOAD", DEDUCT), "1", "stock", "1");
  }

  private void awaitReady() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        ask("PING");
        return;
      } catch (IOException e) {
        if (attempt == ATTEMPTS || !process.isAlive()) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private String ask(String... words) throws IOException {
    return ask(address, 0, words);
  }

  /** The last line of what {@code server} answers to {@code words} about its {@code database}. */
  public static String ask(InetSocketAddress server, int database, String... words)
      throws IOException {
    try (Socket socket = new Socket(server.getAddress(), server.getPort())) {
      socket.getOutputStream().write(bytes("SELECT", Integer.toString(database)));
      socket.getOutputStream().write(bytes(words));
      socket.shutdownOutput();
      String answer =
          new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      return answer.substring(answer.lastIndexOf('\n') + 1);
    }
  }

  private static byte[] bytes(String... words) {
    StringBuilder text = new StringBuilder("*" + words.length + "\r\n");
    for (String word : words) {
      text.append('$').append(word.length()).append("\r\n").append(word).append("\r\n");
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** One round of deductions over {@value #CONNECTIONS} connections. */
  public Sample round(Duration time) throws IOException {
    long before = left();
    Sample sample =
        Connections.run(
            address,
            CONNECTIONS,
            new Wire() {
              @Override
              public void write(long number, ByteBuffer out) {
                out.put(request);
              }

              @Override
              public int read(byte[] in, int length) {
                return in[length - 1] != '\n' ? INCOMPLETE : in[0] == ':' && in[1] != '-' ? 1 : 0;
              }
            },
            0,
            time);
    if (before - left() != sample.done()) {
      throw new IllegalStateException(
          "Redis: " + sample.done() + " answered, " + (before - left()) + " sold");
    }
    return sample;
  }

  /** One round of reads of whole rows, of {@code rows} that are as a view's. */
  public Sample read(int rows, int connections, Duration time) throws IOException {
    for (int row = 0; row < rows; row++) {
      List<String> words = new ArrayList<>(List.of("HSET", "row:" + row));
      FIELDS.forEach((field, value) -> words.addAll(List.of(field, value)));
      ask(words.toArray(String[]::new));
    }
    return Connections.run(
        address,
        connections,
        new Wire() {
          @Override
          public void write(long number, ByteBuffer out) {
            out.put(bytes("HGETALL", "row:" + number % rows));
          }

          @Override
          public int read(byte[] in, int length) {
            return endOfArray(in, length) == length ? 1 : INCOMPLETE;
          }
        },
        0,
        time);
  }

  /**
   * Where the array of strings ends that {@code in} begins with; beyond {@code length} if later.
   */
  private static int endOfArray(byte[] in, int length) {
    int at = 0;
    for (int left = 1; left > 0; left--) {
      int digit = at + 1;
      int number = 0;
      while (digit < length && in[digit] != '\r') {
        number = 10 * number + in[digit++] - '0';
      }
      if (digit >= length) {
        return length + 1;
      }
      boolean array = in[at] == '*';
      left += array ? number : 0;
      at = digit + 2 + (array ? 0 : number + 2);
    }
    return at;
  }

  private long left() throws IOException {
    return Long.parseLong(ask("GET", "stock"));
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
