package io.bincard.benchmarks.views;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Locale;

/**
 * One HTTP/1.1 connection to this machine, which asks one thing after the other: next to nothing to
 * run, so that what is measured is the server.
 */
final class Caller implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 60_000;
  private static final int FIRST_BYTES = 1 << 15;
  private static final String HEAD_END = "\r\n\r\n";
  private static final String LENGTH = "\r\ncontent-length: ";
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
  private static final int STATUS_AT = "HTTP/1.1 ".length();

  private final Socket socket = new Socket();
  private final InputStream in;
  private byte[] answer = new byte[FIRST_BYTES];

  /** What was answered. */
  record Answer(int status, String body) {}

  Caller(int port) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    in = socket.getInputStream();
  }

  /** Sends {@code request}, head and body, and waits for its answer. */
  Answer ask(String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(ISO_8859_1));
    int length = 0;
    while (true) {
      if (length == answer.length) {
        answer = Arrays.copyOf(answer, 2 * length);
      }
      int read = in.read(answer, length, answer.length - length);
      if (read < 0) {
        throw new EOFException("the server closed the connection");
      }
      length += read;
      String text = new String(answer, 0, length, ISO_8859_1);
      int head = text.indexOf(HEAD_END);
      if (head >= 0 && isWhole(text, head)) {
        return new Answer(Integer.parseInt(text, STATUS_AT, STATUS_AT + 3, 10), body(text, head));
      }
    }
  }

  private static boolean isWhole(String text, int head) {
    int stated = stated(text, head);
    return stated < 0
        ? text.endsWith(LAST_CHUNK)
        : text.length() >= head + HEAD_END.length() + stated;
  }

  /** The length that the head states; -1 if the body comes in chunks. */
  private static int stated(String text, int head) {
    int stated = text.substring(0, head + 2).toLowerCase(Locale.ROOT).indexOf(LENGTH);
    int from = stated + LENGTH.length();
    return stated < 0 ? -1 : Integer.parseInt(text, from, text.indexOf('\r', from), 10);
  }

  private static String body(String text, int head) {
    int at = head + HEAD_END.length();
    if (stated(text, head) >= 0) {
      return text.substring(at);
    }
    StringBuilder body = new StringBuilder();
    while (true) {
      int line = text.indexOf('\r', at);
      int size = Integer.parseInt(text, at, line, 16);
      if (size == 0) {
        return body.toString();
      }
      body.append(text, line + 2, line + 2 + size);
      at = line + 2 + size + 2;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
