package io.bincard.application.push;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bincard.application.fixture.RawHttp;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.util.regex.Pattern;

/** A client of server-sent events, as the HTML standard has one, that notes its last id. */
final class EventClient implements AutoCloseable {

  private final RawHttp http;
  private final RawHttp.Reply head;
  private String lastEventId = "";

  /**
   * One event, or a block without data, whose type is then empty.
   *
   * @param id the last id when it was told
   */
  record Event(String id, String type, String data) {

    /** A number in the data. */
    long number(String member) {
      var found = Pattern.compile("\"" + member + "\":(-?\\d+)").matcher(data);
      return found.find() ? Long.parseLong(found.group(1)) : Long.MIN_VALUE;
    }

    boolean isHeartbeat() {
      return type.isEmpty();
    }
  }

  private EventClient(RawHttp http) throws IOException {
    this.http = http;
    this.head = http.replyHead();
  }

  /** Connects to {@code node} for {@code query}; {@code headers} are whole lines. */
  static EventClient connect(URI node, String query, String... headers) throws IOException {
    RawHttp http = RawHttp.connect(node);
    StringBuilder request = new StringBuilder("GET /v1/stock/stream?" + query + " HTTP/1.1\r\n");
    request.append("Host: localhost\r\nAccept: text/event-stream\r\n");
    for (String header : headers) {
      request.append(header).append("\r\n");
    }
    http.send(request.append("\r\n").toString().getBytes(ISO_8859_1));
    return new EventClient(http);
  }

  RawHttp.Reply head() {
    return head;
  }

  RawHttp http() {
    return http;
  }

  String lastEventId() {
    return lastEventId;
  }

  /**
   * The next block of lines.
   *
   * @throws EOFException if the connection is over
   */
  Event next() throws IOException {
    String type = "";
    String data = "";
    for (String line = http.bodyLine(); !line.isEmpty(); line = http.bodyLine()) {
      if (line.startsWith("id: ")) {
        lastEventId = line.substring(4);
      } else if (line.startsWith("event: ")) {
        type = line.substring(7);
      } else if (line.startsWith("data: ")) {
        data = line.substring(6);
      } else if (!line.startsWith(":")) {
        throw new IOException("no line of an event: " + line);
      }
    }
    return new Event(lastEventId, data.isEmpty() ? "" : type, data);
  }

  /** The next event that is none of a heartbeat. */
  Event nextEvent() throws IOException {
    Event next = next();
    while (next.isHeartbeat()) {
      next = next();
    }
    return next;
  }

  @Override
  public void close() throws IOException {
    http.close();
  }
}
