import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Sends the order lines of a shop to a Bincard ledger. Needs a JDK (17 or later) and nothing else:
 * {@code java docs/tutorial/a-real-shop/RetailOrders.java --help}.
 *
 * <p>One request is in flight at a time, because a sale may need what the line before it brought
 * back. Every command has a key made of the run, its type and its line number, so what was sent
 * twice has happened once.
 */
public final class RetailOrders {
  private static final String HELP =
      """
      Sends the order lines of a shop to a Bincard ledger.

        java docs/tutorial/a-real-shop/RetailOrders.java [options]

        --url URL               the server                           (http://localhost:8080)
        --file FILE             order lines, CSV or CSV.gz           (the tutorial's shop)
        --run NAME              first part of every idempotency key  (online-retail)
        --opening N             every SKU starts with N units        (with what the whole file
                                needs for nothing to be refused)
        --location NAME         where the stock lies                 (MAIN)
        --limit N               send the first N order lines only    (all)
        --lines-per-request N   commands in one request, to 10000    (5000)
        --no-gzip               send requests uncompressed
        --give-up-after SECONDS without an answer                    (120)
        --export FILE           write "SKU <tab> on hand" as the ledger tells it, sorted by SKU
        --help

      A positive quantity is deducted for its invoice; a negative one on an invoice C... is
      returned; any other negative one is an adjustment with the description as its reason.
      Lines that move nothing are skipped, counted and named.
      This program or the server was killed? Run the same command again: what the ledger has
      done already is answered again and not done again.

      Exit codes: 0 every line answered, refusals included; 1 some lines invalid, or SKUs unknown
      at the export; 2 wrong option or file; 3 gave up on the server; 4 the server refused a
      request, or answered what this program does not understand; 130 Ctrl-C
      """;

  private static final int INCOMPLETE = 1;
  private static final int USAGE = 2;
  private static final int GAVE_UP = 3;
  private static final int NOT_UNDERSTOOD = 4;

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(30);
  private static final long FIRST_PAUSE_MILLIS = 200;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final int SKUS_PER_QUERY = 100;
  private static final int MAX_REASON = 200;
  private static final long NANOS = 1_000_000_000;

  private static volatile boolean finished;

  public static void main(String[] args) throws InterruptedException {
    Locale.setDefault(Locale.ROOT);
    int exitCode;
    try {
      exitCode = run(new Options(args));
    } catch (Failure failure) {
      System.err.println("\n" + failure.getMessage());
      exitCode = failure.exitCode;
    }
    finished = true;
    System.exit(exitCode);
  }

  private static int run(Options options) throws InterruptedException {
    if (options.has("--help")) {
      System.out.print(HELP);
      return 0;
    }
    Plan plan = Plan.of(Shop.read(Path.of(options.text("--file"))), options);
    Tally tally = new Tally(plan);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> sayHowToResume(tally)));
    Ledger ledger = new Ledger(options, tally);
    int size = (int) options.number("--lines-per-request");
    for (int i = 0; i < plan.commands.size(); i += size) {
      ledger.deliver(plan.commands.subList(i, Math.min(i + size, plan.commands.size())));
    }
    tally.print();
    boolean whole = !options.has("--export") || export(options.text("--export"), plan, ledger);
    return whole && tally.invalid.isEmpty() ? 0 : INCOMPLETE;
  }

  private static void sayHowToResume(Tally tally) {
    if (!finished) {
      System.err.printf(
          "%nStopped after %,d of %,d answers. Run the same command again to go on: what the ledger"
              + " has done is answered again and not done again.%n",
          tally.answered, tally.expected);
    }
  }

  /** Writes what the ledger has on hand; false if it does not know some of the SKUs. */
  private static boolean export(String file, Plan plan, Ledger ledger) throws InterruptedException {
    Map<String, Long> onHand = new TreeMap<>();
    List<String> skus = plan.skus.stream().filter(ledger.positions::containsKey).toList();
    for (int i = 0; i < skus.size(); i += SKUS_PER_QUERY) {
      onHand.putAll(ledger.onHand(skus.subList(i, Math.min(i + SKUS_PER_QUERY, skus.size()))));
    }
    StringBuilder text = new StringBuilder();
    onHand.forEach((sku, units) -> text.append(sku).append('\t').append(units).append('\n'));
    try {
      Files.writeString(Path.of(file), text);
    } catch (IOException e) {
      throw new Failure(USAGE, "Cannot write " + file + ": " + e);
    }
    int unknown = plan.skus.size() - onHand.size();
    System.out.printf("%,d SKUs written to %s, %,d unknown%n", onHand.size(), file, unknown);
    return unknown == 0;
  }

  /** Ends the program with a sentence that a person can act on. */
  private static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int exitCode;

    Failure(int exitCode, String message) {
      super(message);
      this.exitCode = exitCode;
    }
  }

  /** What the command line says, over what holds without it. */
  private static final class Options {
    private static final Map<String, String> RULES =
        Map.of(
            "--url", "https?://[^/ ]+/?",
            "--file", ".+",
            "--run", "[!-~]{1,100}",
            "--opening", "[0-9]{1,9}",
            "--location", ".+",
            "--limit", "[1-9][0-9]{0,8}",
            "--lines-per-request", "[1-9][0-9]{0,3}|10000",
            "--give-up-after", "[1-9][0-9]{0,4}",
            "--export", ".+");
    private final Map<String, String> values =
        new HashMap<>(
            Map.of(
                "--url", "http://localhost:8080",
                "--file", "docs/tutorial/a-real-shop/online-retail-2010-12-to-2011-08.csv.gz",
                "--run", "online-retail",
                "--location", "MAIN",
                "--limit", "999999999",
                "--lines-per-request", "5000",
                "--give-up-after", "120"));

    Options(String[] args) {
      for (int i = 0; i < args.length; i++) {
        String name = args[i];
        String rule = RULES.get(name);
        if (name.equals("--help") || name.equals("--no-gzip")) {
          values.put(name, "");
        } else if (rule == null) {
          throw new Failure(USAGE, "Unknown option " + name + "; see --help.");
        } else if (++i == args.length || !args[i].matches(rule)) {
          throw new Failure(USAGE, name + " needs a value that matches " + rule + "; see --help.");
        } else {
          values.put(name, args[i]);
        }
      }
    }

    boolean has(String name) {
      return values.containsKey(name);
    }

    String text(String name) {
      return values.get(name);
    }

    long number(String name) {
      return Long.parseLong(values.get(name));
    }
  }

  /** An order line that moves something: {@code quantity} is not 0. */
  private record Row(long line, String invoice, String sku, String description, long quantity) {

    String type() {
      if (quantity > 0) {
        return "deduct-stock";
      }
      return invoice.startsWith("C") ? "return-stock" : "adjust-stock";
    }

    /** By how many units the line changes what is on hand. */
    long change() {
      return type().equals("adjust-stock") ? quantity : -quantity;
    }

    Command command(Options options) {
      String fields =
          type().equals("adjust-stock")
              ? "\"delta\":" + quantity + ",\"reason\":" + quoted(reason())
              : "\"quantity\":" + Math.abs(quantity) + ",\"orderId\":" + quoted(invoice);
      return Command.of(options, type(), this, fields);
    }

    /** The description as the ledger takes a reason: printable, not blank, not too long. */
    private String reason() {
      StringBuilder reason = new StringBuilder();
      description
          .substring(0, Math.min(description.length(), MAX_REASON))
          .codePoints()
          .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.SURROGATE)
          .forEach(reason::appendCodePoint);
      return reason.toString().isBlank() ? "write-off" : reason.toString();
    }
  }

  /** One line of a request. */
  private record Command(String key, String type, String sku, String json) {

    static Command of(Options options, String type, Row row, String fields) {
      String key = options.text("--run") + ":" + type + ":" + row.line;
      String place = quoted(options.text("--location"));
      String json =
          String.format(
              "{\"key\":%s,\"type\":\"%s\",\"sku\":%s,\"location\":%s,%s}\n",
              quoted(key), type, quoted(row.sku), place, fields);
      return new Command(key, type, row.sku, json);
    }
  }

  /** The file: its rows, and the numbers of the lines that move nothing, by the reason why. */
  private record Shop(List<Row> rows, Map<String, List<Long>> skipped) {
    private static final String HEADER =
        "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country";
    private static final String COMMA = ",(?=([^\"]*\"[^\"]*\")*[^\"]*\\z)";

    static Shop read(Path file) {
      Shop shop = new Shop(new ArrayList<>(), new TreeMap<>());
      try (InputStream bytes = Files.newInputStream(file);
          InputStream text = file.toString().endsWith(".gz") ? new GZIPInputStream(bytes) : bytes;
          BufferedReader lines = new BufferedReader(new InputStreamReader(text, UTF_8))) {
        if (!HEADER.equals(lines.readLine())) {
          throw new Failure(USAGE, file + ": the first line must be " + HEADER);
        }
        String line;
        for (long number = 2; (line = lines.readLine()) != null; number++) {
          shop.add(number, line.split(line.indexOf('"') < 0 ? "," : COMMA, -1));
        }
        return shop;
      } catch (IOException e) {
        throw new Failure(
            USAGE,
            "Cannot read the order lines: " + e + "\nRun from the repository's root, or --file.");
      }
    }

    private void add(long line, String[] fields) {
      if (fields.length != HEADER.split(",").length) {
        skip("not 8 fields", line);
      } else if (!fields[3].matches("-?[0-9]{1,15}")) {
        skip("quantity not a whole number", line);
      } else if (Long.parseLong(fields[3]) == 0) {
        skip("quantity 0", line);
      } else {
        long quantity = Long.parseLong(fields[3]);
        rows.add(new Row(line, plain(fields[0]), plain(fields[1]), plain(fields[2]), quantity));
      }
    }

    private void skip(String reason, long line) {
      skipped.computeIfAbsent(reason, r -> new ArrayList<>()).add(line);
    }

    /** A field without the quotes around it and with the quotes in it single. */
    private static String plain(String field) {
      boolean quoted = field.length() > 1 && field.startsWith("\"") && field.endsWith("\"");
      return quoted ? field.substring(1, field.length() - 1).replace("\"\"", "\"") : field;
    }
  }

  /** What is to be sent, in order, about which SKUs, and from which lines. */
  private record Plan(
      List<Command> commands, List<String> skus, long lines, Map<String, List<Long>> skipped) {

    static Plan of(Shop shop, Options options) {
      long lastLine = options.number("--limit") + 1;
      Map<String, Long> needed = needed(shop.rows);
      Map<String, Command> registrations = new LinkedHashMap<>();
      List<Command> movements = new ArrayList<>();
      for (Row row : shop.rows) {
        if (row.line <= lastLine) {
          long opening =
              options.has("--opening") ? options.number("--opening") : needed.get(row.sku);
          String field = "\"openingQuantity\":" + opening;
          registrations.computeIfAbsent(
              row.sku, sku -> Command.of(options, "register-stock-item", row, field));
          movements.add(row.command(options));
        }
      }
      shop.skipped.values().forEach(lines -> lines.removeIf(line -> line > lastLine));
      long skipped = shop.skipped.values().stream().mapToLong(List::size).sum();
      List<Command> commands = new ArrayList<>(registrations.values());
      commands.addAll(movements);
      return new Plan(
          commands, List.copyOf(registrations.keySet()), movements.size() + skipped, shop.skipped);
    }

    /** With how many units each SKU must start so that it never falls below 0 on the way. */
    private static Map<String, Long> needed(List<Row> rows) {
      Map<String, Long> balances = new HashMap<>();
      Map<String, Long> needed = new HashMap<>();
      for (Row row : rows) {
        long balance = balances.merge(row.sku, row.change(), Math::addExact);
        needed.merge(row.sku, Math.max(0, -balance), Math::max);
      }
      return needed;
    }
  }

  /**
   * The server. Asks again, with growing pauses, until it answers or nothing moves for too long.
   */
  private static final class Ledger {
    private final Options options;
    private final Tally tally;
    private final HttpClient http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .build();

    /** The last position that an answer told of each SKU; 0 where it told none. */
    private final Map<String, Long> positions = new HashMap<>();

    private final Duration patience;
    private volatile InputStream answering;
    private volatile long heard = System.nanoTime();
    private long lastProgress = heard;
    private long retryAfterMillis;
    private int failures;

    Ledger(Options options, Tally tally) {
      this.options = options;
      this.tally = tally;
      long giveUp = options.number("--give-up-after");
      patience = Duration.ofSeconds(Math.min(ANSWER_TIMEOUT.toSeconds(), giveUp));
      TimerTask watching =
          new TimerTask() {
            @Override
            public void run() {
              watch();
            }
          };
      new Timer("watch", true).schedule(watching, 1_000, 1_000);
    }

    /** Sends {@code commands} until each has its answer; sends again only what has none yet. */
    void deliver(List<Command> commands) throws InterruptedException {
      int answered = 0;
      while (answered < commands.size()) {
        List<Command> open = commands.subList(answered, commands.size());
        tally.requests++;
        try (BufferedReader answers = answers(batch(open))) {
          for (Command command : open) {
            take(command, answers.readLine());
            answered++;
          }
          if (answers.readLine() != null) {
            throw new Failure(NOT_UNDERSTOOD, "The server gave more answers than were asked for.");
          }
        } catch (IOException e) {
          pause(e);
        }
      }
    }

    private void take(Command command, String json) throws IOException {
      if (json == null || !json.endsWith("}")) {
        throw new IOException("the answers stopped half way");
      }
      Answer answer = Answer.of(json);
      if (!command.key.equals(answer.key)) {
        throw new Failure(NOT_UNDERSTOOD, "Key " + command.key + " was answered with " + json);
      }
      if (answer.passing) {
        throw new IOException("as it says itself: " + json);
      }
      progress();
      if (!answer.status.equals("invalid")) {
        positions.merge(command.sku, answer.position, Math::max);
      }
      tally.count(answer, json);
    }

    /** On hand of those of {@code skus} that the ledger knows, once all that was sent is in it. */
    Map<String, Long> onHand(List<String> skus) throws InterruptedException {
      while (true) {
        try (BufferedReader answer = answers(query(skus))) {
          Map<String, Long> onHand = new HashMap<>();
          Matcher item = Answer.ITEM.matcher(rest(answer));
          while (item.find()) {
            String sku = Answer.find(Answer.SKU, item.group());
            if (Answer.number(Answer.AS_OF, item.group()) < positions.getOrDefault(sku, 0L)) {
              throw new IOException("the view of " + sku + " is behind");
            }
            onHand.put(sku, Answer.number(Answer.ON_HAND, item.group()));
          }
          progress();
          return onHand;
        } catch (IOException e) {
          pause(e);
        }
      }
    }

    private HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(URI.create(options.text("--url")).resolve(path))
          .timeout(patience);
    }

    private HttpRequest batch(List<Command> commands) throws IOException {
      boolean gzip = !options.has("--no-gzip");
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      try (OutputStream out = gzip ? new GZIPOutputStream(body) : body) {
        for (Command command : commands) {
          out.write(command.json.getBytes(UTF_8));
        }
      }
      HttpRequest.Builder request = request("/v1/commands?onError=continue");
      if (gzip) {
        request.header("Content-Encoding", "gzip");
      }
      return request
          .header("Content-Type", "application/x-ndjson")
          .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
          .build();
    }

    private HttpRequest query(List<String> skus) {
      String place = "&location=" + encoded(options.text("--location"));
      return request("/v1/stock?skus=" + encoded(String.join(",", skus)) + place).build();
    }

    private static String encoded(String value) {
      return URLEncoder.encode(value, UTF_8).replace("+", "%20");
    }

    /** The lines that the server answers; {@link #watch} ends them when none comes for too long. */
    private BufferedReader answers(HttpRequest request) throws IOException, InterruptedException {
      HttpResponse<InputStream> response =
          http.send(request, HttpResponse.BodyHandlers.ofInputStream());
      heard = System.nanoTime();
      answering = response.body();
      BufferedReader lines = new BufferedReader(new InputStreamReader(answering, UTF_8));
      int status = response.statusCode();
      if (status == 200) {
        return lines;
      }
      try (lines) {
        String told = "HTTP " + status + " " + rest(lines);
        if (status < 500 && status != 429) {
          throw new Failure(NOT_UNDERSTOOD, "The server refused a request: " + told);
        }
        String after = response.headers().firstValue("Retry-After").orElse("0");
        retryAfterMillis = after.matches("[0-9]{1,4}") ? Long.parseLong(after) * 1_000 : 0;
        throw new IOException(told);
      }
    }

    private static String rest(BufferedReader lines) throws IOException {
      StringBuilder text = new StringBuilder();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        text.append(line);
      }
      return text.toString();
    }

    /** Closes an answer of which nothing was heard for too long, so that its reader goes on. */
    private void watch() {
      InputStream silent = answering;
      if (silent != null && System.nanoTime() - heard > patience.toNanos()) {
        answering = null;
        try {
          silent.close();
        } catch (IOException e) {
          tally.note("a silent connection did not close: " + e);
        }
      }
    }

    private void progress() {
      heard = System.nanoTime();
      lastProgress = heard;
      failures = 0;
    }

    private void pause(IOException cause) throws InterruptedException {
      long giveUp = options.number("--give-up-after");
      long leftMillis = giveUp * 1_000 - (System.nanoTime() - lastProgress) / 1_000_000;
      String why =
          cause instanceof ConnectException ? "cannot connect" : "no answer, " + cause.getMessage();
      if (leftMillis <= 0) {
        throw new Failure(
            GAVE_UP,
            String.format(
                "Gave up: nothing from %s for %d s. At last: %s%n"
                    + "Once it is up, the same command goes on where this one stopped.",
                options.text("--url"), giveUp, why));
      }
      long longest = Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(failures++, 10));
      long jittered = ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
      long pause = Math.min(leftMillis, Math.max(jittered, retryAfterMillis));
      retryAfterMillis = 0;
      tally.note(String.format("%s: %s; again in %d ms", options.text("--url"), why, pause));
      TimeUnit.MILLISECONDS.sleep(pause);
    }
  }

  /**
   * What the ledger says to one line.
   *
   * @param problem the last part of the problem's type
   * @param passing whether the same line may be answered otherwise a little later
   */
  private record Answer(
      String key, String status, boolean replayed, long position, String problem, boolean passing) {
    // Quotes tell a member from its copy within a text, where they would be escaped.
    private static final String TEXT = "\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"";
    private static final String NUMBER = "\"\\s*:\\s*(-?[0-9]{1,18})";
    private static final Pattern KEY = Pattern.compile("\"key" + TEXT);
    private static final Pattern STATUS = Pattern.compile("\"status" + TEXT);
    private static final Pattern REPLAYED = Pattern.compile("\"replayed\"\\s*:\\s*(true)");
    private static final Pattern POSITION = Pattern.compile("\"position" + NUMBER);
    private static final Pattern PROBLEM = Pattern.compile("\"type" + TEXT);
    private static final Pattern PASSING =
        Pattern.compile("(\"status\"\\s*:\\s*(?:5[0-9][0-9]|429)|/request-in-progress\")");
    private static final Pattern ITEM = Pattern.compile("\\{[^{}]*\\bonHand\\b[^{}]*\\}");
    private static final Pattern SKU = Pattern.compile("\"sku" + TEXT);
    private static final Pattern AS_OF = Pattern.compile("\"asOfPosition" + NUMBER);
    private static final Pattern ON_HAND = Pattern.compile("\"onHand" + NUMBER);

    static Answer of(String json) throws IOException {
      String status = find(STATUS, json);
      String problem = find(PROBLEM, json);
      return new Answer(
          find(KEY, json),
          status,
          !find(REPLAYED, json).isEmpty(),
          status.equals("done") ? number(POSITION, json) : 0,
          problem.substring(problem.lastIndexOf('/') + 1),
          status.matches("unknown|skipped") || !find(PASSING, json).isEmpty());
    }

    static String find(Pattern pattern, String json) {
      Matcher matcher = pattern.matcher(json);
      return matcher.find() ? matcher.group(1) : "";
    }

    static long number(Pattern pattern, String json) throws IOException {
      String digits = find(pattern, json);
      if (digits.isEmpty()) {
        throw new IOException("no " + pattern + " in " + json);
      }
      return Long.parseLong(digits);
    }
  }

  /** Counts the answers, shows how far things are, and prints the table at the end. */
  private static final class Tally {
    private final boolean terminal = System.console() != null;
    private final long begun = System.nanoTime();
    private final Plan plan;
    private final long expected;
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> invalid = new TreeMap<>();
    private long done;
    private long replayed;
    private long requests;
    private long shown = begun;
    private volatile long answered;

    Tally(Plan plan) {
      this.plan = plan;
      this.expected = plan.commands.size();
    }

    void count(Answer answer, String json) {
      switch (answer.status) {
        case "done" -> done++;
        case "rejected" -> refused.merge(answer.problem, 1L, Long::sum);
        case "invalid" -> {
          if (invalid.merge(answer.problem, 1L, Long::sum) == 1) {
            note("invalid: " + json);
          }
        }
        default -> throw new Failure(NOT_UNDERSTOOD, "Not a status that is known: " + json);
      }
      replayed += answer.replayed ? 1 : 0;
      answered++;
      long now = System.nanoTime();
      if (now - shown >= NANOS || answered == expected) {
        shown = now;
        show((now - begun) / (double) NANOS);
      }
    }

    private void show(double seconds) {
      double speed = answered / seconds;
      String line =
          String.format(
              "%,d of %,d (%d %%), %,.0f lines/s, %,d refused, %s left",
              answered,
              expected,
              100 * answered / expected,
              speed,
              sum(refused),
              time((expected - answered) / speed));
      System.err.print(terminal ? "\r" + line + "\033[K" : line + "\n");
    }

    void note(String text) {
      System.err.print(terminal ? "\r" + text + "\033[K\n" : text + "\n");
    }

    void print() {
      double seconds = (System.nanoTime() - begun) / (double) NANOS;
      System.err.println();
      row("order lines read", plan.lines);
      row("skipped", plan.skipped.values().stream().mapToLong(List::size).sum());
      plan.skipped.forEach(
          (why, lines) -> row("  " + why + ", first in line " + lines.get(0), lines.size()));
      row("commands", expected);
      Map<String, Long> types = new TreeMap<>();
      plan.commands.forEach(command -> types.merge(command.type, 1L, Long::sum));
      types.forEach((type, count) -> row("  " + type, count));
      row("done", done);
      row("refused", sum(refused));
      refused.forEach((problem, count) -> row("  " + problem, count));
      row("invalid", sum(invalid));
      invalid.forEach((problem, count) -> row("  " + problem, count));
      row("answered before (replayed)", replayed);
      row("requests", requests);
      System.out.printf("%-46s %10s%n", "time", time(seconds));
      row("lines/s", Math.round(expected / seconds));
      advise(
          refused,
          "stock-item-already-registered",
          "found a SKU with a history: take another --location, or an empty ledger");
      advise(
          invalid, "idempotency-key-reused", "have the key of another command: take another --run");
    }

    private static void advise(Map<String, Long> counts, String problem, String advice) {
      if (counts.containsKey(problem)) {
        System.out.printf("%,d lines %s%n", counts.get(problem), advice);
      }
    }

    private static void row(String name, long count) {
      System.out.printf("%-46s %,10d%n", name, count);
    }

    private static long sum(Map<String, Long> counts) {
      return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static String time(double seconds) {
      long tenths = Math.round(seconds * 10);
      return String.format("%d:%02d.%d", tenths / 600, tenths / 10 % 60, tenths % 10);
    }
  }

  /** A JSON string. */
  private static String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      boolean plain = c >= ' ' && c <= '~' && c != '"' && c != '\\';
      json.append(plain ? String.valueOf(c) : String.format("\\u%04x", (int) c));
    }
    return json.append('"').toString();
  }
}
