package io.bincard.projections.push.wire;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.push.admission.Admission.Place;
import io.bincard.projections.push.hub.Frame;
import io.bincard.projections.push.hub.HubLoop;
import io.bincard.projections.push.hub.Outlet;
import io.bincard.projections.push.hub.StockStream;
import io.bincard.projections.push.hub.StreamEnd;
import jakarta.websocket.CloseReason;
import jakarta.websocket.CloseReason.CloseCodes;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A WebSocket: one message at a time is on its way, and the next one when that has left. */
public final class SocketOutlet extends Endpoint implements Outlet {

  private static final Logger LOG = LoggerFactory.getLogger(SocketOutlet.class);

  /** Messages of one flush; more wait for the next. */
  private static final int MOST_AT_ONCE = 256;

  private static final int LONGEST_MESSAGE = 32 * 1_024;
  private static final int MOST_ERRORS = 10;

  private final HubLoop loop;
  private final Place place;
  private final int mostSkus;
  private final Executor asking;
  private final StockStream stream = new StockStream(this);
  private final Deque<String> given = new ArrayDeque<>();
  private final Set<StockItemId> watched = new HashSet<>();
  private @Nullable Session session;
  private boolean sending;
  private boolean closing;

  /** Nothing more is written: to go on after a write that failed would wait for that one. */
  private boolean over;

  private int errors;
  private volatile long probedAt;

  /**
   * @param place given back when the socket is closed
   * @param mostSkus that one connection may watch
   * @param asking runs what may wait for the network
   */
  public SocketOutlet(HubLoop loop, Place place, int mostSkus, Executor asking) {
    this.loop = loop;
    this.place = place;
    this.mostSkus = mostSkus;
    this.asking = asking;
  }

  // Tomcat's threads

  @Override
  public void onOpen(Session opened, EndpointConfig config) {
    opened.setMaxIdleTimeout(0); // the hub looks after that
    opened.setMaxTextMessageBufferSize(LONGEST_MESSAGE);
    opened.addMessageHandler(String.class, (MessageHandler.Whole<String>) this::said);
    opened.addMessageHandler(
        PongMessage.class,
        (MessageHandler.Whole<PongMessage>)
            _ -> {
              long nanos = System.nanoTime() - probedAt;
              loop.execute(() -> loop.hub().answeredProbe(stream, nanos));
            });
    loop.execute(
        () -> {
          session = opened;
          loop.hub().connect(stream);
        });
  }

  private void said(String text) {
    try {
      SocketRequest request = SocketRequest.parse(text, mostSkus);
      loop.execute(() -> obey(request));
    } catch (InvalidValueException e) {
      loop.execute(() -> refuse(String.valueOf(e.getMessage())));
    }
  }

  @Override
  public void onClose(Session closed, CloseReason reason) {
    place.close();
    boolean clean =
        reason.getCloseCode() == CloseCodes.NORMAL_CLOSURE
            || reason.getCloseCode() == CloseCodes.GOING_AWAY;
    loop.execute(() -> loop.hub().gone(stream, clean ? StreamEnd.CLIENT : StreamEnd.RESET));
  }

  @Override
  public void onError(Session broken, Throwable cause) {
    LOG.atDebug().setCause(cause).log("A socket broke off"); // and is closed next
  }

  // The hub's thread

  private void obey(SocketRequest request) {
    loop.hub().heard(stream);
    switch (request) {
      case SocketRequest.Subscribe(List<StockItemId> items, var from) -> {
        Set<StockItemId> all = new HashSet<>(watched);
        all.addAll(items);
        if (all.size() > mostSkus) {
          refuse("a connection watches at most " + mostSkus + " items");
          return;
        }
        watched.addAll(items);
        loop.hub().subscribe(stream, items, from);
      }
      case SocketRequest.Unsubscribe(List<StockItemId> items) -> {
        items.forEach(watched::remove);
        loop.hub().unsubscribe(stream, items);
      }
      case SocketRequest.Ping(Object id) -> say(Messages.pong(id));
    }
  }

  private void refuse(String why) {
    if (++errors > MOST_ERRORS) {
      close(true);
      return;
    }
    say(Messages.error(why));
  }

  private void say(String message) {
    if (given.size() < MOST_AT_ONCE) {
      given.add(message);
      next();
    }
  }

  @Override
  public boolean isReady() {
    return session != null && !closing && !sending && !over && given.size() < MOST_AT_ONCE;
  }

  @Override
  public void give(Frame frame) {
    given.add(Messages.of(frame));
  }

  @Override
  public long flush() {
    long bytes = 0;
    for (String message : given) {
      bytes += message.length();
    }
    next();
    return bytes;
  }

  private void next() {
    Session open = session;
    if (open == null || sending || over) {
      return;
    }
    String message = given.poll();
    if (message == null) {
      if (closing) {
        close(true);
      }
      return;
    }
    sending = true;
    try {
      open.getAsyncRemote()
          .sendText(
              message,
              result ->
                  loop.execute(
                      () -> {
                        sending = false;
                        over |= !result.isOK();
                        next();
                        if (!sending && !over) {
                          loop.hub().writable(stream);
                        }
                      }));
    } catch (IllegalStateException closed) {
      LOG.atDebug().setCause(closed).log("A socket was closed before it could be written to");
    }
  }

  @Override
  public boolean clientsSpeak() {
    return true;
  }

  @Override
  public void probe() {
    Session open = session;
    if (open != null) {
      probedAt = System.nanoTime();
      asking.execute(
          () -> {
            try {
              open.getBasicRemote().sendPing(ByteBuffer.allocate(0));
            } catch (IOException | IllegalStateException e) {
              LOG.atDebug().setCause(e).log("A silent client could not be asked");
            }
          });
    }
  }

  @Override
  public void close(boolean atOnce) {
    closing = true;
    over |= atOnce;
    Session open = session;
    if (open == null || !(atOnce || (!sending && given.isEmpty()))) {
      return;
    }
    asking.execute(
        () -> {
          try {
            open.close(new CloseReason(CloseCodes.GOING_AWAY, ""));
          } catch (IOException e) {
            LOG.atDebug().setCause(e).log("A socket could not be closed cleanly");
          }
        });
  }
}
