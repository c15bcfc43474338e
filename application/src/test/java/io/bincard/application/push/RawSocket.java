package io.bincard.application.push;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.ByteBuffer;

/** A WebSocket whose client says and reads what it is told to, and answers nothing by itself. */
final class RawSocket implements AutoCloseable {

  static final int TEXT = 0x81;
  static final int PING = 0x89;
  static final int CLOSE = 0x88;

  private final Socket socket = new Socket();
  private final DataInputStream in;

  /** What the server sent: its kind and, where that is text, what it says. */
  record Frame(int kind, String text) {}

  /** Connects to {@code node} with a small buffer, which is full soon if nobody reads. */
  RawSocket(URI node) throws IOException {
    socket.setReceiveBufferSize(4_096);
    socket.setSoTimeout(30_000);
    socket.connect(new InetSocketAddress(InetAddress.ofLiteral(node.getHost()), node.getPort()));
    in = new DataInputStream(socket.getInputStream());
    socket
        .getOutputStream()
        .write(
            String.join(
                    "\r\n",
                    "GET /v1/stock/socket HTTP/1.1",
                    "Host: localhost",
                    "Connection: Upgrade",
                    "Upgrade: websocket",
                    "Sec-WebSocket-Version: 13",
                    "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                    "",
                    "")
                .getBytes(ISO_8859_1));
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.readUnsignedByte());
    }
    if (!head.toString().startsWith("HTTP/1.1 101 ")) {
      throw new IOException(head.toString());
    }
  }

  /** Says {@code message}, masked by nothing. */
  void say(String message) throws IOException {
    ByteBuffer frame = ByteBuffer.allocate(message.length() + 8);
    frame.put((byte) TEXT);
    if (message.length() < 126) {
      frame.put((byte) (0x80 | message.length()));
    } else {
      frame.put((byte) (0x80 | 126)).putShort((short) message.length());
    }
    frame.putInt(0).put(message.getBytes(ISO_8859_1));
    socket.getOutputStream().write(frame.array(), 0, frame.position());
  }

  /** Says {@code message} if the server has not cut the connection. */
  void sayUnlessCut(String message) throws IOException {
    try {
      say(message);
    } catch (SocketException cut) {
      socket.close(); // after which saying something fails the same way
    }
  }

  /**
   * The next frame.
   *
   * @throws EOFException if the connection is over
   */
  Frame next() throws IOException {
    int kind = in.readUnsignedByte();
    int size = in.readUnsignedByte();
    byte[] payload = new byte[size == 126 ? in.readUnsignedShort() : size];
    in.readFully(payload);
    return new Frame(kind, kind == TEXT ? new String(payload, ISO_8859_1) : "");
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
