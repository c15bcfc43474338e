package io.bincard.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.client.Ending.Disbelieved;
import io.bincard.client.Ending.Lost;
import io.bincard.client.Ending.Redirected;
import io.bincard.client.Ending.Refused;
import io.bincard.client.wire.EventReader;
import io.bincard.client.wire.FlatJson;
import io.bincard.client.wire.ServerEvent;
import io.bincard.client.wire.UnreadableException;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the answer of one connection into the inbox, as it comes. Nothing waits here, so the
 * connection is read on however slow the listener is.
 */
final class Intake implements BodyHandler<String> {

  private static final int OK = 200;
  private static final int MOST_OF_A_REFUSAL = 16 * 1_024;
  private static final long LONGEST_TOKEN_MILLIS = 60_000;
  private static final Pattern SECONDS = Pattern.compile("[0-9]{1,4}");
  private static final Pattern POSITION = Pattern.compile("[0-9]{1,18}");

  private final Inbox inbox;
  private final long number;
  private final Set<String> skus;
  private final String location;
  private volatile int status;
  private volatile Duration retryAfter = Duration.ZERO;

  Intake(Inbox inbox, long number, Set<String> skus, String location) {
    this.inbox = inbox;
    this.number = number;
    this.skus = skus;
    this.location = location;
  }

  @Override
  public BodySubscriber<String> apply(ResponseInfo head) {
    status = head.statusCode();
    if (status == OK && isEventStream(head.headers())) {
      inbox.answered(number);
      return new Body();
    }
    retryAfter =
        Duration.ofSeconds(
            head.headers()
                .firstValue("Retry-After")
                .filter(value -> SECONDS.matcher(value).matches())
                .map(Long::parseLong)
                .orElse(0L));
    return BodySubscribers.limiting(BodySubscribers.ofString(UTF_8), MOST_OF_A_REFUSAL);
  }

  private static boolean isEventStream(HttpHeaders headers) {
    return headers.firstValue("Content-Type").orElse("").startsWith("text/event-stream");
  }

  /** The exchange is over. */
  void over(@Nullable String body, @Nullable Throwable error) {
    if (status == OK || status == 0) {
      inbox.ended(number, new Lost(error == null ? "it was closed" : String.valueOf(error)));
    } else {
      inbox.ended(number, new Refused(status, retryAfter, body == null ? "" : body));
    }
  }

  private final class Body implements BodySubscriber<String> {

    private final CompletableFuture<String> over = new CompletableFuture<>();
    private final EventReader reader = new EventReader(Intake.this::take);
    private Flow.@Nullable Subscription network;

    @Override
    public CompletionStage<String> getBody() {
      return over;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      network = subscription;
      subscription.request(1);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      try {
        buffers.forEach(reader::read);
      } catch (UnreadableException e) {
        inbox.ended(number, new Disbelieved(Gap.UNREADABLE, String.valueOf(e.getMessage())));
      }
      Flow.Subscription source = network;
      if (source == null) {
        return;
      }
      if (inbox.isCurrent(number)) {
        source.request(1);
      } else {
        source.cancel();
        over.complete("");
      }
    }

    @Override
    public void onError(Throwable error) {
      over.completeExceptionally(error);
    }

    @Override
    public void onComplete() {
      over.complete("");
    }
  }

  private void take(ServerEvent event) {
    if (event.data().isEmpty()) {
      if (event.hasId()) {
        inbox.reached(number, position(event));
      }
      return;
    }
    switch (event.type()) {
      case "snapshot" -> inbox.snapshot(number, position(event), level(event));
      case "stock" -> {
        if (event.hasId()) {
          inbox.changed(number, position(event), level(event));
        } else {
          inbox.changed(number, level(event));
        }
      }
      case "unknown" -> inbox.unknown(number, position(event), item(FlatJson.read(event.data())));
      case "resync" -> inbox.resync(number, FlatJson.read(event.data()).text("reason"));
      case "redirect" -> {
        FlatJson json = FlatJson.read(event.data());
        inbox.ended(
            number,
            new Redirected(
                json.text("token"),
                Duration.ofMillis(
                    Math.clamp(json.number("expiresInMillis"), 0, LONGEST_TOKEN_MILLIS))));
      }
      default -> {} // A server may tell of more than this client knows.
    }
  }

  private static long position(ServerEvent event) {
    if (!POSITION.matcher(event.lastId()).matches()) {
      throw new UnreadableException("an id that is no position");
    }
    return Long.parseLong(event.lastId());
  }

  private StockLevel level(ServerEvent event) {
    FlatJson json = FlatJson.read(event.data());
    item(json);
    return StockLevel.read(json);
  }

  /** The SKU of an item that was asked for. */
  private String item(FlatJson json) {
    String sku = json.text("sku");
    if (!skus.contains(sku) || !json.text("location").equals(location)) {
      throw new UnreadableException("an item that nobody asked for");
    }
    return sku;
  }
}
