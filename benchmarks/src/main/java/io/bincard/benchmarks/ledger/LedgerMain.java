package io.bincard.benchmarks.ledger;

import io.bincard.application.Bincard;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.json.JsonMapper;

/**
 * The application with the echo route, as a process that takes one order a line from its standard
 * input and answers each with one line that begins with {@value #ANSWER}. It ends with its input.
 */
final class LedgerMain {

  static final char ANSWER = '@';

  private static final Duration READINESS_PATIENCE = Duration.ofMinutes(10);
  private static final JsonMapper JSON = new JsonMapper();

  private final Ledger ledger;
  private @Nullable Recording recording;

  private LedgerMain(ConfigurableApplicationContext application) {
    this.ledger = new Ledger(application);
  }

  public static void main(String[] args) throws Exception {
    SpringApplication bincard =
        new SpringApplication(Bincard.class, EchoController.class, ExpiryWatch.class);
    try (ConfigurableApplicationContext application = bincard.run(args)) {
      awaitReadiness(application.getBean(HealthEndpoint.class));
      LedgerMain main = new LedgerMain(application);
      main.answer(
          Map.of(
              "port",
              application.getEnvironment().getRequiredProperty("local.server.port", Integer.class),
              "startMillis",
              System.currentTimeMillis() - ManagementFactory.getRuntimeMXBean().getStartTime()));
      BufferedReader orders =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String order = orders.readLine(); order != null; order = orders.readLine()) {
        main.answer(main.obey(order.split(" ", -1)));
      }
    }
  }

  /** What an orchestrator asks before it sends traffic. */
  private static void awaitReadiness(HealthEndpoint health) {
    long start = System.nanoTime();
    while (!isUp(health.healthForPath("readiness"))) {
      if (System.nanoTime() - start > READINESS_PATIENCE.toNanos()) {
        throw new IllegalStateException("the application does not become ready");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
    }
  }

  private static boolean isUp(@Nullable HealthDescriptor readiness) {
    return readiness != null && readiness.getStatus().equals(Status.UP);
  }

  @SuppressWarnings("SystemOut") // the answers go to the process that started this one
  private void answer(Object answer) {
    System.out.println(ANSWER + JSON.writeValueAsString(answer));
  }

  private Object obey(String[] order) throws Exception {
    try {
      return switch (order[0]) {
        case "register" -> ledger.register(Integer.parseInt(order[1]));
        case "touch" -> ledger.touch(Integer.parseInt(order[1]));
        case "closed" ->
            ledger.closed(Integer.parseInt(order[1]), Integer.parseInt(order[2]), time(order[3]));
        case "open" ->
            ledger.open(Double.parseDouble(order[1]), Integer.parseInt(order[2]), time(order[3]));
        case "visible" ->
            ledger.visible(
                Double.parseDouble(order[1]), Integer.parseInt(order[2]), time(order[3]));
        case "catch-up" ->
            ledger.catchUp(
                Double.parseDouble(order[1]),
                Integer.parseInt(order[2]),
                time(order[3]),
                time(order[4]));
        case "pairs" ->
            ledger.pairs(Integer.parseInt(order[1]), Integer.parseInt(order[2]), time(order[3]));
        case "orders" ->
            ledger.orders(Integer.parseInt(order[1]), Integer.parseInt(order[2]), time(order[3]));
        case "expiry" ->
            ledger.expiry(
                Integer.parseInt(order[1]),
                time(order[2]),
                Double.parseDouble(order[3]),
                time(order[4]));
        case "overload" -> ledger.overload(Double.parseDouble(order[1]), time(order[2]));
        case "check" -> {
          ledger.check(Long.parseLong(order[1]));
          yield Map.of();
        }
        case "settle" -> {
          ledger.settle();
          ledger.mark();
          yield Map.of();
        }
        case "memory" -> memory();
        case "record" -> record();
        case "dump" -> dump(Path.of(order[1]));
        default -> throw new IllegalArgumentException("what is " + order[0]);
      };
    } catch (RuntimeException | IOException e) {
      return Map.of("error", String.valueOf(e));
    }
  }

  private static Duration time(String millis) {
    return Duration.ofMillis(Long.parseLong(millis));
  }

  /** What is left in the heap when it is collected, and what the process holds of the machine. */
  private Map<String, Long> memory() throws IOException {
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long resident =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
            .findFirst()
            .orElse(0);
    return Map.of(
        "heapBytes",
        heap,
        "residentBytes",
        resident,
        "liveStates",
        ledger.metered("bincard.writer.live.states"),
        "liveBytes",
        ledger.metered("bincard.writer.live.bytes"));
  }

  private Map<String, Object> record() throws IOException, ParseException {
    Recording started = new Recording(Configuration.getConfiguration("profile"));
    // By CPU time and not by the clock: on a machine that others use too, that is what a command
    // costs. Every wait for PostgreSQL, however short, for there is one a statement.
    started.enable("jdk.CPUTimeSample").with("throttle", "1ms");
    started.enable("jdk.SocketRead").withThreshold(Duration.ZERO).withStackTrace();
    started.start();
    recording = started;
    return Map.of();
  }

  private Map<String, Object> dump(Path file) throws IOException {
    try (Recording started = recording) {
      if (started != null) {
        started.stop();
        started.dump(file.toAbsolutePath());
      }
    }
    recording = null;
    return Map.of();
  }
}
