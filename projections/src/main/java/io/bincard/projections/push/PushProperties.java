package io.bincard.projections.push;

import io.bincard.projections.push.hub.HubLimits;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.push.*}: connections for live stock.
 *
 * @param flushInterval {@code flush-interval}: the least time from one flush to the next; changes
 *     of one item in between are sent as one
 * @param heartbeat {@code heartbeat}: after so much silence a client is told that its connection is
 *     alive; a client on a socket that is silent for so long is probed, and cut after three times
 * @param slowAfter {@code slow-after}: a write that has waited for so long is a stall, and the
 *     connection is flushed once a second
 * @param stalledAfter {@code stalled-after}: a connection whose write has waited for so long has no
 *     health left
 * @param cutAfter {@code cut-after}: a connection whose write has waited for so long is cut
 * @param resumeWait {@code resume-wait}: how long this node may take to hear of the position from
 *     which a client goes on
 * @param forgetAfter {@code forget-after}: how long an item that nobody watches any more is
 *     followed
 * @param rememberedItems {@code remembered-items}: items whose last change is remembered, some 150
 *     bytes each, for clients that come back
 * @param maxSkus {@code max-skus}: SKUs that one connection may watch
 * @param maxStreams {@code max-streams}: connections at a time
 * @param movedReserve {@code moved-reserve}: how many of them are kept for clients that another
 *     node sends here
 * @param maxStreamsPerClient {@code max-streams-per-client}: connections at a time from one address
 * @param drain {@code drain}: over how long the clients of a node that goes down are sent elsewhere
 * @param redirectValid {@code redirect-valid}: how long the token is good that they get
 * @param redirectSecret {@code redirect-secret}: what signs it; empty to have the nodes share one
 *     through Redis
 * @param allowedOrigins {@code allowed-origins}: origins, beside the server's own, whose pages may
 *     open a socket
 */
@ConfigurationProperties("bincard.push")
public record PushProperties(
    @DefaultValue("50ms") Duration flushInterval,
    @DefaultValue("15s") Duration heartbeat,
    @DefaultValue("2s") Duration slowAfter,
    @DefaultValue("5s") Duration stalledAfter,
    @DefaultValue("15s") Duration cutAfter,
    @DefaultValue("2s") Duration resumeWait,
    @DefaultValue("1m") Duration forgetAfter,
    @DefaultValue("100000") int rememberedItems,
    @DefaultValue("200") int maxSkus,
    @DefaultValue("12000") int maxStreams,
    @DefaultValue("1000") int movedReserve,
    @DefaultValue("100") int maxStreamsPerClient,
    @DefaultValue("1s") Duration drain,
    @DefaultValue("15s") Duration redirectValid,
    @DefaultValue("") String redirectSecret,
    @DefaultValue List<String> allowedOrigins) {

  private static final Duration DAY = Duration.ofDays(1);
  private static final int SHORTEST_SECRET = 32;
  private static final int MOST = 1_000_000;

  public PushProperties {
    allowedOrigins = List.copyOf(allowedOrigins);
    between("flush-interval", flushInterval, Duration.ZERO, Duration.ofSeconds(10));
    between("heartbeat", heartbeat, Duration.ofMillis(100), DAY);
    between("slow-after", slowAfter, Duration.ofMillis(10), DAY);
    between("stalled-after", stalledAfter, slowAfter, DAY);
    between("cut-after", cutAfter, stalledAfter, DAY);
    between("resume-wait", resumeWait, Duration.ZERO, Duration.ofMinutes(1));
    between("forget-after", forgetAfter, Duration.ZERO, DAY);
    between("drain", drain, Duration.ZERO, Duration.ofSeconds(10));
    between("redirect-valid", redirectValid, Duration.ofSeconds(1), Duration.ofSeconds(15));
    between("remembered-items", rememberedItems, 1, 10 * MOST);
    between("max-skus", maxSkus, 1, 1_000);
    between("max-streams", maxStreams, 1, MOST);
    between("moved-reserve", movedReserve, 0, maxStreams - 1);
    between("max-streams-per-client", maxStreamsPerClient, 1, MOST);
    if (!redirectSecret.isEmpty() && redirectSecret.length() < SHORTEST_SECRET) {
      throw new IllegalArgumentException(
          "bincard.push.redirect-secret must have at least "
              + SHORTEST_SECRET
              + " characters, or be empty");
    }
  }

  private static void between(String key, Duration value, Duration least, Duration most) {
    if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new IllegalArgumentException(
          "bincard.push." + key + " must be from " + least + " to " + most);
    }
  }

  private static void between(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "bincard.push." + key + " must be from " + least + " to " + most);
    }
  }

  HubLimits hub() {
    return new HubLimits(
        flushInterval,
        heartbeat,
        slowAfter,
        stalledAfter,
        cutAfter,
        resumeWait,
        forgetAfter,
        rememberedItems);
  }
}
