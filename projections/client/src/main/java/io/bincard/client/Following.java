package io.bincard.client;

import static java.lang.System.Logger.Level.WARNING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import io.bincard.client.Ending.Disbelieved;
import io.bincard.client.Ending.Lost;
import io.bincard.client.Ending.Redirected;
import io.bincard.client.Ending.Refused;
import io.bincard.client.Inbox.Standing;
import io.bincard.client.pace.Backoff;
import io.bincard.client.pace.Silence;
import io.bincard.client.pace.Silence.Grade;
import io.bincard.client.pace.Ticker;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.SequencedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One subscription and its one thread, which makes the connections, calls the listener, and gives
 * up on a connection that is silent for too long. What a connection brings comes by the inbox.
 */
final class Following implements Subscription, Runnable {

  private static final System.Logger LOG = System.getLogger(Following.class.getName());
  private static final int BAD_REQUEST = 400;

  private final HttpClient http;
  private final List<URI> nodes;
  private final SequencedSet<String> skus;
  private final String location;
  private final StockListener listener;
  private final Patience patience;
  private final Silence silence;
  private final Backoff backoff;
  private final Ticker ticker;
  private final Inbox inbox;
  private final AtomicLong failures = new AtomicLong();
  private final AtomicLong redirects = new AtomicLong();
  private final AtomicLong gaps = new AtomicLong();
  private final AtomicLong told = new AtomicLong();
  private final AtomicLong listenerErrors = new AtomicLong();
  private volatile State state = State.CONNECTING;
  private volatile boolean closed;

  // The thread's own
  private int node;
  private @Nullable CompletableFuture<HttpResponse<String>> exchange;
  private boolean everComplete;
  private boolean moved;
  private long number;
  private long beganAt;
  private long notBefore;
  private String token = "";
  private long tokenUntil;

  Following(
      HttpClient http,
      List<URI> nodes,
      SequencedSet<String> skus,
      String location,
      StockListener listener,
      Patience patience,
      Ticker ticker,
      RandomGenerator random) {
    this.http = http;
    this.nodes = nodes;
    this.skus = skus;
    this.location = location;
    this.listener = listener;
    this.patience = patience;
    this.silence = patience.silence();
    this.backoff = new Backoff(patience.firstDelay(), patience.longestDelay(), random);
    this.ticker = ticker;
    this.inbox = new Inbox(ticker);
    this.notBefore = ticker.nanos();
  }

  @Override
  public State state() {
    return state;
  }

  @Override
  public Statistics statistics() {
    Standing now = inbox.standing();
    return new Statistics(
        now.position(),
        now.connections(),
        failures.get(),
        redirects.get(),
        now.resyncs(),
        gaps.get(),
        told.get(),
        now.conflated(),
        now.late(),
        listenerErrors.get());
  }

  @Override
  public void close() {
    closed = true;
    inbox.close();
  }

  @Override
  public void run() {
    try {
      while (!closed) {
        step();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      closed = true;
      abandon();
      state(State.CLOSED);
    }
  }

  private void step() throws InterruptedException {
    if (exchange == null && ticker.nanos() - notBefore >= 0) {
      connect();
    }
    Standing standing = inbox.standing();
    Ending ending = standing.ending();
    if (exchange != null && ending != null) {
      end(ending);
      return;
    }
    long now = ticker.nanos();
    long silentFor = Math.min(now - standing.newsAt(), now - beganAt);
    boolean unanswered = exchange != null && !standing.answered();
    if (unanswered && now - beganAt >= patience.answerAfter().toNanos()) {
      inbox.ended(number, new Lost("no answer"));
      return;
    }
    if (exchange != null && silence.of(silentFor) == Grade.DEAD) {
      inbox.ended(number, new Lost("no word"));
      return;
    }
    state(stateOf(standing, now));
    Inbox.Item item = inbox.poll();
    if (item != null) {
      tell(item);
      return;
    }
    long wait = silence.untilNext(now - standing.newsAt());
    if (exchange == null) {
      wait = Math.min(wait, notBefore - now);
    } else {
      wait = Math.min(wait, silence.untilNext(silentFor));
      if (unanswered) {
        wait = Math.min(wait, beganAt + patience.answerAfter().toNanos() - now);
      }
    }
    inbox.await(standing, now + wait);
  }

  private State stateOf(Standing standing, long now) {
    Grade silent = silence.of(now - standing.newsAt());
    if (silent.compareTo(Grade.STALE) >= 0) {
      return State.STALE;
    }
    if (exchange == null || !standing.complete()) {
      return state == State.STALE && exchange != null
          ? State.STALE // until it is known better
          : everComplete ? State.RECONNECTING : State.CONNECTING;
    }
    everComplete = true;
    return silent == Grade.QUIET ? State.QUIET : State.CONNECTED;
  }

  // Connections

  private void connect() {
    beganAt = ticker.nanos();
    number = inbox.begin();
    long position = inbox.standing().position();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri()).header("Accept", "text/event-stream");
    if (position > 0) {
      request.header("Last-Event-ID", Long.toString(position));
    }
    Intake intake = new Intake(inbox, number, skus, location);
    CompletableFuture<HttpResponse<String>> begun = http.sendAsync(request.build(), intake);
    exchange = begun;
    var _ =
        begun.whenComplete(
            (answer, error) -> intake.over(answer == null ? null : answer.body(), error));
  }

  private URI uri() {
    String base = nodes.get(node).toString();
    StringBuilder uri = new StringBuilder(base.endsWith("/") ? base : base + "/");
    uri.append("v1/stock/stream?skus=")
        .append(skus.stream().map(sku -> URLEncoder.encode(sku, UTF_8)).collect(joining(",")))
        .append("&location=")
        .append(URLEncoder.encode(location, UTF_8));
    if (!token.isEmpty() && ticker.nanos() - tokenUntil < 0) {
      uri.append("&redirectToken=").append(URLEncoder.encode(token, UTF_8));
    }
    return URI.create(uri.toString());
  }

  private void abandon() {
    CompletableFuture<HttpResponse<String>> last = exchange;
    exchange = null;
    if (last != null) {
      last.cancel(true);
    }
  }

  private void end(Ending ending) {
    long now = ticker.nanos();
    boolean wasComplete = inbox.standing().complete();
    abandon();
    if (wasComplete && now - beganAt >= patience.steadyAfter().toNanos()) {
      backoff.reset();
    }
    if (wasComplete) {
      moved = false;
    }
    node = (node + 1) % nodes.size();
    switch (ending) {
      case Redirected(String given, Duration validFor) -> {
        token = given;
        tokenUntil = now + validFor.toNanos();
        // At once, but not round and round while nothing comes of it.
        notBefore = moved ? now + backoff.next(Duration.ZERO) : now;
        moved = true;
        redirects.incrementAndGet();
      }
      case Refused(int status, _, String detail) when status == BAD_REQUEST -> {
        failures.incrementAndGet();
        call(() -> listener.refused(status, detail));
        close();
      }
      case Refused(_, Duration retryAfter, _) -> failed(now, retryAfter);
      case Lost _, Disbelieved _ -> failed(now, Duration.ZERO);
    }
  }

  private void failed(long now, Duration asked) {
    notBefore = now + backoff.next(asked);
    failures.incrementAndGet(); // last: whoever sees it may move time
  }

  // The listener

  private void tell(Inbox.Item item) {
    switch (item) {
      case Inbox.Level(StockLevel level) -> {
        told.incrementAndGet();
        call(() -> listener.level(level));
      }
      case Inbox.Unknown(String sku) -> call(() -> listener.unknown(sku));
      case Inbox.Resync(String reason, Disbelieved gap) -> {
        if (gap != null) {
          gaps.incrementAndGet();
          call(() -> listener.gap(gap.gap(), gap.detail()));
        }
        call(() -> listener.resynced(reason));
      }
    }
  }

  private void state(State now) {
    if (state != now) {
      state = now;
      call(() -> listener.state(now));
    }
  }

  private void call(Runnable telling) {
    try {
      telling.run();
    } catch (RuntimeException e) {
      listenerErrors.incrementAndGet();
      LOG.log(WARNING, "A listener of stock threw", e);
    }
  }
}
