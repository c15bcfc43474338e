package io.bincard.projections.push;

import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LocationId;
import io.bincard.domain.stock.Sku;
import io.bincard.domain.stock.StockItemId;
import io.bincard.projections.push.admission.Admission;
import io.bincard.projections.push.admission.Admission.Place;
import io.bincard.projections.push.admission.RedirectTokens;
import io.bincard.projections.push.hub.HubLoop;
import io.bincard.projections.push.hub.StockHub;
import io.bincard.projections.push.wire.EventOutlet;
import io.bincard.projections.push.wire.Scratch;
import io.bincard.projections.push.wire.SocketOutlet;
import io.bincard.projections.storefront.MinPosition;
import io.bincard.projections.storefront.StorefrontProblem;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Opens connections for live stock: checks who asks for what, and hands the socket over. */
@RestController
final class StockPushController {

  static final String EVENTS = "/v1/stock/stream";
  static final String SOCKET = "/v1/stock/socket";

  private static final String MAIN = "MAIN";

  private final HubLoop loop;
  private final Admission admission;
  private final RedirectTokens tokens;
  private final Executor asking;
  private final PushProperties limits;
  private final Scratch scratch = new Scratch();

  /**
   * @param asking runs what may wait for the network
   */
  StockPushController(
      HubLoop loop,
      Admission admission,
      RedirectTokens tokens,
      Executor asking,
      PushProperties limits) {
    this.loop = loop;
    this.admission = admission;
    this.tokens = tokens;
    this.asking = asking;
    this.limits = limits;
  }

  @GetMapping(path = EVENTS, produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  void events(
      @RequestParam String skus,
      @RequestParam(defaultValue = MAIN) String location,
      @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventIdHeader,
      @RequestParam(required = false) @Nullable String lastEventId,
      @RequestParam(required = false) @Nullable String redirectToken,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, ServletException {
    List<StockItemId> items = items(skus, new LocationId(location));
    long from = position(lastEventIdHeader == null ? lastEventId : lastEventIdHeader);
    if (HttpMethod.HEAD.matches(request.getMethod())) {
      answerEvents(response);
      return;
    }
    Place place = admission.admit(request.getRemoteAddr(), wasMoved(redirectToken, items));
    boolean open = false;
    try {
      EventOutlet outlet = request.upgrade(EventOutlet.class);
      outlet.open(
          new EventOutlet.Opening(
              loop,
              scratch,
              place,
              stream -> {
                loop.hub().connect(stream);
                loop.hub().subscribe(stream, items, from);
              }));
      answerEvents(response);
      response.flushBuffer();
      open = true;
    } finally {
      if (!open) {
        place.close();
      }
    }
  }

  /** The head of the answer; its body ends with the connection, whose protocol is none any more. */
  private static void answerEvents(HttpServletResponse response) {
    response.setStatus(HttpServletResponse.SC_OK);
    response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
    response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.setHeader(HttpHeaders.CONNECTION, "close");
    response.setHeader("X-Accel-Buffering", "no"); // or some proxies would gather what is sent
  }

  @GetMapping(SOCKET)
  void socket(
      @RequestParam(required = false) @Nullable String redirectToken,
      @RequestParam(required = false) @Nullable String skus,
      @RequestParam(defaultValue = MAIN) String location,
      HttpServletRequest request,
      HttpServletResponse response)
      throws IOException, DeploymentException {
    if (!"websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))) {
      throw new InvalidValueException("a socket is asked for by Upgrade: websocket");
    }
    if (!isAllowed(request)) {
      throw admission.foreign();
    }
    List<StockItemId> items = skus == null ? List.of() : items(skus, new LocationId(location));
    Place place = admission.admit(request.getRemoteAddr(), wasMoved(redirectToken, items));
    boolean open = false;
    try {
      SocketOutlet outlet = new SocketOutlet(loop, place, limits.maxSkus(), asking);
      if (request.getServletContext().getAttribute(ServerContainer.class.getName())
          instanceof ServerContainer container) {
        container.upgradeHttpToWebSocket(request, response, config(outlet), Map.of());
        open = response.getStatus() == HttpServletResponse.SC_SWITCHING_PROTOCOLS;
      } else {
        throw new DeploymentException("the server has no WebSocket");
      }
    } finally {
      if (!open) {
        place.close();
      }
    }
  }

  private static ServerEndpointConfig config(SocketOutlet outlet) {
    return ServerEndpointConfig.Builder.create(SocketOutlet.class, SOCKET)
        .configurator(
            new ServerEndpointConfig.Configurator() {
              @Override
              public <T> T getEndpointInstance(Class<T> type) {
                return type.cast(outlet);
              }

              @Override
              public boolean checkOrigin(String origin) {
                return true; // it was, before
              }
            })
        .build();
  }

  /** A browser sends the origin of the page; a page of another one must not listen in its name. */
  private boolean isAllowed(HttpServletRequest request) {
    String origin = request.getHeader(HttpHeaders.ORIGIN);
    return origin == null
        || origin.equals("http://" + request.getHeader(HttpHeaders.HOST))
        || origin.equals("https://" + request.getHeader(HttpHeaders.HOST))
        || limits.allowedOrigins().contains(origin);
  }

  private boolean wasMoved(@Nullable String token, List<StockItemId> items) {
    return token != null && tokens.accepts(token, RedirectTokens.streamOf(items));
  }

  private List<StockItemId> items(String skus, LocationId location) {
    SequencedSet<StockItemId> distinct = new LinkedHashSet<>();
    for (String sku : skus.split(",", -1)) {
      distinct.add(new StockItemId(new Sku(sku), location));
    }
    if (distinct.size() > limits.maxSkus()) {
      throw StorefrontProblem.tooManySkus(distinct.size(), limits.maxSkus());
    }
    return List.copyOf(distinct);
  }

  private static long position(@Nullable String digits) {
    return digits == null ? StockHub.FROM_NOTHING : MinPosition.of("Last-Event-ID", digits);
  }
}
