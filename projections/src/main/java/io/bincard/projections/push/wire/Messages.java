package io.bincard.projections.push.wire;

import io.bincard.projections.push.hub.Frame;
import io.bincard.projections.push.hub.Frame.Change;
import io.bincard.projections.push.hub.Frame.Heartbeat;
import io.bincard.projections.push.hub.Frame.Redirect;
import io.bincard.projections.push.hub.Frame.Resync;
import io.bincard.projections.push.hub.Frame.Snapshot;
import io.bincard.projections.push.hub.Frame.Unknown;
import io.bincard.projections.push.hub.ItemFrame;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Frames as messages on a socket, one JSON object each. */
final class Messages {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Messages() {}

  static String of(Frame frame) {
    return switch (frame) {
      case Snapshot(ItemFrame item) -> item.snapshotMessage(Messages::snapshot);
      case Change(ItemFrame item, boolean isLast) ->
          isLast
              ? item.lastChangeMessage(Messages::lastChange)
              : item.changeMessage(Messages::change);
      case Unknown(var item) ->
          "{\"type\":\"unknown\",\"sku\":\""
              + item.sku().value()
              + "\",\"location\":\""
              + item.location().value()
              + "\"}";
      case Resync(var reason) -> "{\"type\":\"resync\",\"reason\":\"" + reason.word() + "\"}";
      case Redirect(String token, long millis) ->
          "{\"type\":\"redirect\",\"token\":\"" + token + "\",\"expiresInMillis\":" + millis + "}";
      case Heartbeat(long position) ->
          position == Heartbeat.NO_POSITION
              ? "{\"type\":\"heartbeat\"}"
              : "{\"type\":\"heartbeat\",\"position\":" + position + "}";
    };
  }

  private static String snapshot(ItemFrame item) {
    return "{\"type\":\"snapshot\",\"item\":" + item.json() + "}";
  }

  private static String change(ItemFrame item) {
    return "{\"type\":\"stock\",\"item\":" + item.json() + "}";
  }

  private static String lastChange(ItemFrame item) {
    return "{\"type\":\"stock\",\"position\":" + item.position() + ",\"item\":" + item.json() + "}";
  }

  static String pong(Object id) {
    return JSON.writeValueAsString(Map.of("type", "pong", "id", id));
  }

  static String error(String message) {
    return JSON.writeValueAsString(Map.of("type", "error", "message", message));
  }
}
