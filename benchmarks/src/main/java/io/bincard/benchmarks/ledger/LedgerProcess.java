package io.bincard.benchmarks.ledger;

import io.bincard.benchmarks.load.Overload;
import io.bincard.benchmarks.load.Sample;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A {@link LedgerMain} in a JVM of its own: what another contender leaves in a heap or teaches a
 * compiler changes nothing here. Not for use by several threads.
 */
public final class LedgerProcess implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int END_SECONDS = 60;

  /** No answer will come any more. */
  private static final String ENDED = "";

  /** What the image gives the JVM, but for the size of the heap. */
  private static final List<String> IMAGE_OPTIONS =
      List.of("-XX:NewRatio=1", "-XX:MaxTenuringThreshold=2", "-XX:+ExitOnOutOfMemoryError");

  private final Process process;
  private final Path log;
  private final Writer orders;
  private final BlockingQueue<String> answers = new LinkedBlockingQueue<>();
  private final JsonNode ready;

  private LedgerProcess(Process process, Path log) throws IOException {
    this.process = process;
    this.log = log;
    this.orders = process.outputWriter(StandardCharsets.UTF_8);
    Thread.ofPlatform().daemon().name("output of " + log.getFileName()).start(this::listen);
    this.ready = answer();
  }

  /**
   * Starts the application and waits until it is ready.
   *
   * @param log where its own output goes
   * @param heap its size, as {@code 2g}
   * @param properties its settings, {@code key=value}
   */
  public static LedgerProcess start(Path log, String heap, List<String> properties)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(IMAGE_OPTIONS);
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    command.add("-XX:+UnlockDiagnosticVMOptions");
    command.add("-XX:+DebugNonSafepoints");
    command.add("-Xms" + heap);
    command.add("-Xmx" + heap);
    command.addAll(
        List.of("-cp", System.getProperty("java.class.path"), LedgerMain.class.getName()));
    command.add("--server.port=0");
    properties.forEach(property -> command.add("--" + property));
    return new LedgerProcess(
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start(),
        log);
  }

  /** The port of its HTTP server. */
  public int port() {
    return ready.get("port").asInt();
  }

  /** From the start of its JVM to its readiness. */
  public Duration startTime() {
    return Duration.ofMillis(ready.get("startMillis").asLong());
  }

  /** Registers items until there are {@code items}. */
  public void register(int items) throws IOException {
    ask("register " + items);
    settle();
  }

  /**
   * Sends one deduction to each of {@code items} items of a {@link LongJournal}; the views follow
   * when they do.
   */
  public Sample touch(int items) throws IOException {
    Sample sample = JSON.treeToValue(ask("touch " + items), Sample.class);
    ask("check " + sample.done());
    return sample;
  }

  /**
   * A round of deductions of {@code spread} items by {@code callers} who wait for their answers.
   */
  public Sample closed(int callers, int spread, Duration time) throws IOException {
    return checked(ask("closed " + callers + " " + spread + " " + time.toMillis()));
  }

  /** A round of deductions of {@code spread} items at a fixed pace. */
  public Sample open(double perSecond, int spread, Duration time) throws IOException {
    return checked(ask("open " + perSecond + " " + spread + " " + time.toMillis()));
  }

  /** How long after its answer each of so many deductions a second is in the views. */
  public Sample visible(double perSecond, int spread, Duration time) throws IOException {
    return checked(ask("visible " + perSecond + " " + spread + " " + time.toMillis()));
  }

  /**
   * How the views came back.
   *
   * @param millis after writes went on until they had every event
   * @param events that they took from the moment when writes stopped
   */
  public record CatchUp(long millis, long events) {}

  /** So many deductions a second, the first of them while Redis takes no writes. */
  public CatchUp catchUp(double perSecond, int spread, Duration stopped, Duration time)
      throws IOException {
    return JSON.treeToValue(
        ask(
            "catch-up "
                + perSecond
                + " "
                + spread
                + " "
                + stopped.toMillis()
                + " "
                + time.toMillis()),
        CatchUp.class);
  }

  /** Orders of three of {@code spread} items, each held and then confirmed. */
  public Sample pairs(int callers, int spread, Duration time) throws IOException {
    return soldOut("pairs " + callers + " " + spread + " " + time.toMillis());
  }

  /** Orders of three of {@code spread} items, each taken at once. */
  public Sample orders(int callers, int spread, Duration time) throws IOException {
    return soldOut("orders " + callers + " " + spread + " " + time.toMillis());
  }

  private Sample soldOut(String order) throws IOException {
    Sample sample = JSON.treeToValue(ask(order), Sample.class);
    settle();
    if (sample.failed() > 0) {
      throw new IllegalStateException(sample.failed() + " orders failed");
    }
    return sample;
  }

  /**
   * What deductions at a fixed pace feel of holds that expire.
   *
   * @param before while all are open
   * @param during while they expire, and until the end is written down of all
   * @param expiries how late the end of each was committed
   */
  public record Expiry(Sample before, Sample during, Sample expiries) {}

  /**
   * {@code holds} fall due within {@code spread}, after {@code time} or more, while deductions go
   * on at {@code perSecond}.
   */
  public Expiry expiry(int holds, Duration spread, double perSecond, Duration time)
      throws IOException {
    Expiry expiry =
        JSON.treeToValue(
            ask(
                "expiry "
                    + holds
                    + " "
                    + spread.toMillis()
                    + " "
                    + perSecond
                    + " "
                    + time.toMillis()),
            Expiry.class);
    settle();
    return expiry;
  }

  /** Deductions of one item at a fixed pace that may be too much; {@link #check} is to follow. */
  public Overload.Window overload(double perSecond, Duration time) throws IOException {
    return JSON.treeToValue(
        ask("overload " + perSecond + " " + time.toMillis()), Overload.Window.class);
  }

  private Sample checked(JsonNode answer) throws IOException {
    Sample sample = JSON.treeToValue(answer, Sample.class);
    check(sample.done());
    if (sample.failed() > 0) {
      throw new IllegalStateException(sample.failed() + " deductions failed");
    }
    return sample;
  }

  /**
   * Holds what was done since the last check against the journal, the receipts and the stock, then
   * waits for the views.
   *
   * @throws IllegalStateException if one of them says otherwise
   */
  public void check(long done) throws IOException {
    ask("check " + done);
    settle();
  }

  private void settle() throws IOException {
    ask("settle");
  }

  /**
   * Bytes in use, after a collection.
   *
   * @param liveStates states that the writer keeps
   * @param liveBytes what it takes them for
   */
  public record Memory(long heapBytes, long residentBytes, long liveStates, long liveBytes) {}

  public Memory memory() throws IOException {
    return JSON.treeToValue(ask("memory"), Memory.class);
  }

  /** Starts a flight recording. */
  public void record() throws IOException {
    ask("record");
  }

  /** Ends the flight recording and writes it to {@code file}. */
  public void dump(Path file) throws IOException {
    ask("dump " + file.toAbsolutePath());
  }

  private JsonNode ask(String order) throws IOException {
    orders.write(order + "\n");
    orders.flush();
    JsonNode answer = answer();
    if (answer.has("error")) {
      throw new IllegalStateException(order + ": " + answer.get("error").asString());
    }
    return answer;
  }

  private JsonNode answer() throws IOException {
    try {
      String answer = answers.take();
      if (answer.equals(ENDED)) {
        throw new IllegalStateException("the application ended; see " + log);
      }
      return JSON.readTree(answer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while the application had to answer");
    }
  }

  /**
   * Takes what the process says all the time: one that nobody listens to stops at its next word.
   */
  private void listen() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        Writer own =
            Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty() && line.charAt(0) == LedgerMain.ANSWER) {
          answers.add(line.substring(1));
        } else {
          own.write(line + "\n");
          own.flush();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      answers.add(ENDED);
    }
  }

  /** Ends the process and waits for its end. */
  @Override
  public void close() throws IOException {
    orders.close();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
