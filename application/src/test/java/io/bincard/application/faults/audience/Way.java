package io.bincard.application.faults.audience;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** How live stock is asked for and told: bytes out, bytes in. */
enum Way {
  /** Server-sent events. */
  EVENTS {
    @Override
    String request(String skus, long position, String token) {
      return "GET /v1/stock/stream?skus="
          + skus
          + (token.isEmpty() ? "" : "&redirectToken=" + token)
          + " HTTP/1.1\r\nHost: audience\r\n"
          + (position < 0 ? "" : "Last-Event-ID: " + position + "\r\n")
          + "\r\n";
    }

    @Override
    byte[] question(List<String> skus, long position) {
      return NOTHING;
    }

    @Override
    int take(byte[] in, int length, Consumer<Word> words, Consumer<byte[]> answers) {
      int from = 0;
      for (int end = blockEnd(in, from, length); end >= 0; end = blockEnd(in, from, length)) {
        words.accept(word(new String(in, from, end - from, ISO_8859_1)));
        from = end + 2;
      }
      return from;
    }

    private int blockEnd(byte[] in, int from, int length) {
      for (int at = from; at + 1 < length; at++) {
        if (in[at] == '\n' && in[at + 1] == '\n') {
          return at;
        }
      }
      return -1;
    }

    private Word word(String block) {
      String type = "heartbeat";
      String data = "";
      long position = Word.NO_POSITION;
      for (String line : block.split("\n", -1)) {
        if (line.startsWith("id: ")) {
          position = Long.parseLong(line.substring(4));
        } else if (line.startsWith("event: ")) {
          type = line.substring(7);
        } else if (line.startsWith("data: ")) {
          data = line.substring(6);
        } else if (!line.equals(": heartbeat")) {
          type = "no line of an event: " + line;
        }
      }
      return new Word(type, position, data);
    }
  },

  /** WebSocket, RFC 6455. A client masks what it says, by nothing here; a server does not. */
  SOCKET {
    private static final int TEXT = 0x81;
    private static final int CLOSE = 0x88;
    private static final int PING = 0x89;
    private static final int PONG = 0x8A;

    @Override
    String request(String skus, long position, String token) {
      return "GET /v1/stock/socket"
          + (token.isEmpty() ? "" : "?skus=" + skus + "&redirectToken=" + token)
          + " HTTP/1.1\r\nHost: audience\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    }

    @Override
    byte[] question(List<String> skus, long position) {
      String list = skus.stream().map(sku -> '"' + sku + '"').collect(Collectors.joining(","));
      return frame(
          TEXT,
          ("{\"type\":\"subscribe\",\"skus\":["
                  + list
                  + "]"
                  + (position < 0 ? "" : ",\"lastPosition\":" + position)
                  + "}")
              .getBytes(ISO_8859_1));
    }

    private static byte[] frame(int kind, byte[] payload) {
      ByteBuffer frame = ByteBuffer.allocate(payload.length + 8);
      frame.put((byte) kind);
      if (payload.length < 126) {
        frame.put((byte) (0x80 | payload.length));
      } else {
        frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
      }
      frame.putInt(0).put(payload);
      return Arrays.copyOf(frame.array(), frame.position());
    }

    @Override
    int take(byte[] in, int length, Consumer<Word> words, Consumer<byte[]> answers) {
      int from = 0;
      while (length - from >= 2) {
        int size = in[from + 1] & 0x7F;
        int begin = from + 2;
        if (size == 126 && length - from < 4) {
          return from;
        }
        if (size == 126) {
          size = ((in[from + 2] & 0xFF) << 8) | (in[from + 3] & 0xFF);
          begin = from + 4;
        }
        if (begin + size > length) {
          return from;
        }
        int kind = in[from] & 0xFF;
        switch (kind) {
          case TEXT -> words.accept(word(new String(in, begin, size, ISO_8859_1)));
          case PING -> answers.accept(frame(PONG, Arrays.copyOfRange(in, begin, begin + size)));
          case CLOSE -> answers.accept(frame(CLOSE, Arrays.copyOfRange(in, begin, begin + size)));
          default -> words.accept(new Word("a frame of kind " + kind, Word.NO_POSITION, ""));
        }
        from = begin + size;
      }
      return from;
    }

    private Word word(String message) {
      Word word = new Word("", Word.NO_POSITION, message);
      return new Word(
          word.text("type"), Math.max(Word.NO_POSITION, word.number("position")), message);
    }
  };

  private static final byte[] NOTHING = {};

  /** The head of the request. */
  abstract String request(String skus, long position, String token);

  /** What is said once the head of the answer has come. */
  abstract byte[] question(List<String> skus, long position);

  /**
   * Takes what is whole of {@code in}; returns how many bytes that was.
   *
   * @param answers what is to be said at once
   */
  abstract int take(byte[] in, int length, Consumer<Word> words, Consumer<byte[]> answers);
}
