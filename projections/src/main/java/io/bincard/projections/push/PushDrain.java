package io.bincard.projections.push;

import io.bincard.projections.push.admission.Admission;
import io.bincard.projections.push.admission.RedirectTokens;
import io.bincard.projections.push.hub.Frame.Redirect;
import io.bincard.projections.push.hub.HubLoop;
import io.bincard.projections.push.hub.StockStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.springframework.context.SmartLifecycle;

/**
 * Sends every client elsewhere when the node goes down, before anything else is stopped: a few at a
 * time and in no order, so that the others are not asked by all at once.
 */
final class PushDrain implements SmartLifecycle {

  private static final int SLICES = 20;

  /** For what is on its way when the last one was told. */
  private static final Duration REST = Duration.ofMillis(200);

  private final HubLoop loop;
  private final Admission admission;
  private final RedirectTokens tokens;
  private final Duration over;
  private volatile boolean running;

  PushDrain(HubLoop loop, Admission admission, RedirectTokens tokens, Duration over) {
    this.loop = loop;
    this.admission = admission;
    this.tokens = tokens;
    this.over = over;
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void stop() {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    stop(() -> stopped.complete(null));
    stopped.orTimeout(over.plus(REST).toMillis() * 2, TimeUnit.MILLISECONDS).join();
  }

  @Override
  public void stop(Runnable callback) {
    running = false;
    admission.close();
    boolean isEmpty = admission.taken() == 0;
    loop.execute(this::redirect);
    after(isEmpty ? Duration.ZERO : over.plus(REST), callback);
  }

  private void redirect() {
    List<StockStream> all = new ArrayList<>(loop.hub().streams());
    Collections.shuffle(all);
    for (int i = 0; i < SLICES; i++) {
      List<StockStream> slice = all.subList(all.size() * i / SLICES, all.size() * (i + 1) / SLICES);
      if (!slice.isEmpty()) {
        after(
            over.multipliedBy(i).dividedBy(SLICES),
            () -> loop.execute(() -> slice.forEach(this::move)));
      }
    }
  }

  private void move(StockStream stream) {
    loop.hub()
        .redirect(
            stream,
            (items, position) ->
                new Redirect(
                    tokens.issue(RedirectTokens.streamOf(items), position),
                    tokens.validityMillis()));
  }

  private static void after(Duration delay, Runnable task) {
    CompletableFuture.delayedExecutor(delay.toNanos(), TimeUnit.NANOSECONDS).execute(task);
  }
}
