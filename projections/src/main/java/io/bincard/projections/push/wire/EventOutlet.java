package io.bincard.projections.push.wire;

import io.bincard.projections.push.admission.Admission.Place;
import io.bincard.projections.push.hub.Frame;
import io.bincard.projections.push.hub.HubLoop;
import io.bincard.projections.push.hub.Outlet;
import io.bincard.projections.push.hub.StockStream;
import io.bincard.projections.push.hub.StreamEnd;
import jakarta.servlet.http.WebConnection;
import java.io.EOFException;
import java.io.IOException;
import java.util.function.Consumer;
import org.apache.coyote.http11.upgrade.InternalHttpUpgradeHandler;
import org.apache.tomcat.util.net.AbstractEndpoint.Handler.SocketState;
import org.apache.tomcat.util.net.SSLSupport;
import org.apache.tomcat.util.net.SocketEvent;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events on a socket that has left HTTP behind: the head of the answer is sent, the
 * body goes on until the connection is closed.
 *
 * <p>The hub's thread writes and Tomcat's threads tell what the selector sees; both hold the lock,
 * for Tomcat gives the buffers of a socket that is closed to the next one.
 */
public final class EventOutlet implements InternalHttpUpgradeHandler, Outlet {

  /** A client has nothing to say after its request. What it says all the same is not kept. */
  private static final int MOST_SAID = 64 * 1_024;

  private final Object lock = new Object();
  private @Nullable Opening opening;
  private @Nullable StockStream stream;
  private @Nullable SocketWrapperBase<?> socket;
  private int said;
  private boolean closing;
  private volatile boolean closed;
  private volatile boolean waiting;

  /**
   * What a connection needs when its socket is there.
   *
   * @param place given back when it is closed
   * @param begin runs on the hub's thread
   */
  public record Opening(HubLoop loop, Scratch scratch, Place place, Consumer<StockStream> begin) {}

  /** Tomcat makes it when the request asks for it. */
  public EventOutlet() {}

  /** To be called before the request ends. */
  public void open(Opening newOpening) {
    opening = newOpening;
  }

  private Opening opening() {
    Opening known = opening;
    if (known == null) {
      throw new IllegalStateException("the socket came before the request was done with it");
    }
    return known;
  }

  // Tomcat's threads

  @Override
  public void setSocketWrapper(SocketWrapperBase<?> wrapper) {
    socket = wrapper;
  }

  @Override
  public void init(WebConnection connection) {
    StockStream begun = new StockStream(this);
    stream = begun;
    Opening known = opening();
    known.loop().execute(() -> known.begin().accept(begun));
  }

  @Override
  public SocketState upgradeDispatch(SocketEvent event) {
    return switch (event) {
      case OPEN_READ -> read();
      case OPEN_WRITE -> {
        tell(StreamEnd.CLIENT, true);
        yield SocketState.UPGRADED;
      }
      case STOP, DISCONNECT -> closedBy(StreamEnd.CLIENT);
      case ERROR, TIMEOUT, CONNECT_FAIL -> closedBy(StreamEnd.RESET);
    };
  }

  private SocketState read() {
    byte[] ignored = new byte[256];
    try {
      SocketWrapperBase<?> wrapper = socket;
      int read = 1;
      while (wrapper != null && read > 0 && said < MOST_SAID) {
        read = wrapper.read(false, ignored, 0, ignored.length);
        said += Math.max(0, read);
      }
      return read < 0 || said >= MOST_SAID ? closedBy(StreamEnd.CLIENT) : SocketState.UPGRADED;
    } catch (EOFException e) {
      return closedBy(StreamEnd.CLIENT);
    } catch (IOException e) {
      return closedBy(StreamEnd.RESET);
    }
  }

  private SocketState closedBy(StreamEnd how) {
    synchronized (lock) {
      closed = true;
    }
    tell(how, false);
    return SocketState.CLOSED;
  }

  private void tell(StreamEnd how, boolean isWritable) {
    StockStream known = stream;
    if (known == null) {
      return;
    }
    Opening open = opening();
    open.loop()
        .execute(
            () -> {
              if (isWritable) {
                goOn();
                open.loop().hub().writable(known);
              } else {
                open.loop().hub().gone(known, how);
              }
            });
  }

  @Override
  public void destroy() {
    synchronized (lock) {
      closed = true;
    }
    opening().place().close();
    tell(StreamEnd.RESET, false); // if nobody told before
  }

  @Override
  public void timeoutAsync(long now) {}

  @Override
  public void setSslSupport(SSLSupport sslSupport) {}

  @Override
  public void pause() {}

  // The hub's thread

  @Override
  public boolean isReady() {
    return !closed && !closing && !waiting && !opening().scratch().isFull();
  }

  @Override
  public void give(Frame frame) {
    opening().scratch().add(Events.of(frame));
  }

  @Override
  public long flush() {
    Scratch scratch = opening().scratch();
    int size = scratch.size();
    try {
      synchronized (lock) {
        SocketWrapperBase<?> wrapper = socket;
        if (closed || wrapper == null) {
          return 0;
        }
        wrapper.write(false, scratch.bytes(), 0, size);
        settle(wrapper);
      }
    } catch (IOException e) {
      broken();
    } finally {
      scratch.clear();
    }
    return size;
  }

  /** The network takes more of what it had not taken. */
  private void goOn() {
    try {
      synchronized (lock) {
        SocketWrapperBase<?> wrapper = socket;
        if (!closed && wrapper != null) {
          settle(wrapper);
        }
      }
      if (closing && !waiting) {
        close(true);
      }
    } catch (IOException e) {
      broken();
    }
  }

  private void settle(SocketWrapperBase<?> wrapper) throws IOException {
    waiting = wrapper.flush(false);
    if (waiting) {
      wrapper.registerWriteInterest();
    }
  }

  private void broken() {
    event(SocketEvent.ERROR);
  }

  /** Has one of Tomcat's threads close the socket: it is theirs. */
  private void event(SocketEvent event) {
    SocketWrapperBase<?> wrapper = socket;
    if (wrapper != null && !closed) {
      closed = true;
      wrapper.processSocket(event, true);
    }
  }

  @Override
  public boolean clientsSpeak() {
    return false;
  }

  @Override
  public void probe() {}

  @Override
  public void close(boolean atOnce) {
    closing = true;
    if (atOnce || !waiting) {
      event(SocketEvent.STOP);
    }
  }
}
