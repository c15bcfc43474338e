package io.bincard.projections.push.wire;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bincard.projections.push.hub.Frame;
import io.bincard.projections.push.hub.Frame.Change;
import io.bincard.projections.push.hub.Frame.Heartbeat;
import io.bincard.projections.push.hub.Frame.Redirect;
import io.bincard.projections.push.hub.Frame.Resync;
import io.bincard.projections.push.hub.Frame.Snapshot;
import io.bincard.projections.push.hub.Frame.Unknown;
import io.bincard.projections.push.hub.ItemFrame;

/** Frames as server-sent events, as the HTML standard has them. */
final class Events {

  private Events() {}

  static byte[] of(Frame frame) {
    return switch (frame) {
      case Snapshot(ItemFrame item) -> item.snapshotEvent(Events::snapshot);
      case Change(ItemFrame item, boolean isLast) ->
          isLast ? item.lastChangeEvent(Events::lastChange) : item.changeEvent(Events::change);
      case Unknown(var item) ->
          bytes(
              "id: 0\nevent: unknown\ndata: {\"sku\":\""
                  + item.sku().value()
                  + "\",\"location\":\""
                  + item.location().value()
                  + "\"}\n\n");
      case Resync(var reason) ->
          bytes("id: 0\nevent: resync\ndata: {\"reason\":\"" + reason.word() + "\"}\n\n");
      case Redirect(String token, long millis) ->
          bytes(
              "event: redirect\ndata: {\"token\":\""
                  + token
                  + "\",\"expiresInMillis\":"
                  + millis
                  + "}\n\n");
      case Heartbeat(long position) ->
          bytes(
              position == Heartbeat.NO_POSITION
                  ? ": heartbeat\n\n"
                  : ": heartbeat\nid: " + position + "\n\n");
    };
  }

  private static byte[] snapshot(ItemFrame item) {
    return bytes("id: 0\nevent: snapshot\ndata: " + item.json() + "\n\n");
  }

  private static byte[] change(ItemFrame item) {
    return bytes("event: stock\ndata: " + item.json() + "\n\n");
  }

  private static byte[] lastChange(ItemFrame item) {
    return bytes("id: " + item.position() + "\nevent: stock\ndata: " + item.json() + "\n\n");
  }

  private static byte[] bytes(String event) {
    return event.getBytes(UTF_8);
  }
}
