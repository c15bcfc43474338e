package io.bincard.application.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between the application and PostgreSQL and loses the word COMMIT now and then: the batch
 * is committed, and its writer hears that the connection broke, or nothing at all. It knows the
 * writer's connection by the statement that appends to the journal; the others it leaves alone.
 */
final class LostReplies implements AutoCloseable {

  private static final String APPENDS = "insert into event_journal";
  private static final byte COMMAND_COMPLETE = 'C';
  private static final byte[] COMMIT = "COMMIT\0".getBytes(ISO_8859_1);
  private static final int HEAD = 4;
  private static final int BUFFER = 64 * 1024;

  private final int postgres;
  private final ServerSocket door;
  private final Random random;
  private final int oneIn;
  private final int silentOneIn;
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicInteger silent = new AtomicInteger();
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile boolean losing;

  /**
   * @param oneIn how many commits there are to a lost reply
   * @param silentOneIn how many lost replies there are to one after which the connection stays open
   */
  LostReplies(int postgres, long seed, int oneIn, int silentOneIn) throws IOException {
    this.postgres = postgres;
    this.random = new Random(seed);
    this.oneIn = oneIn;
    this.silentOneIn = silentOneIn;
    this.door = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::open);
  }

  int port() {
    return door.getLocalPort();
  }

  /** How many replies were lost. */
  int lost() {
    return lost.get();
  }

  /** After how many of them the connection stayed open. */
  int silent() {
    return silent.get();
  }

  /** Begins to lose replies, or ends it; until told to it loses none. */
  void lose(boolean losesNow) {
    losing = losesNow;
  }

  private void open() {
    try {
      while (true) {
        Socket client = door.accept();
        Socket server = new Socket(InetAddress.ofLiteral("127.0.0.1"), postgres);
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        open.add(client);
        open.add(server);
        Way way = new Way(client, server);
        Thread.ofVirtual().start(way::there);
        Thread.ofVirtual().start(way::back);
      }
    } catch (IOException closed) {
      close();
    }
  }

  /** One connection. */
  private final class Way {

    private final Socket client;
    private final Socket server;
    private volatile boolean isTheWriters;
    private volatile boolean isMute;

    Way(Socket client, Socket server) {
      this.client = client;
      this.server = server;
    }

    void there() {
      byte[] buffer = new byte[BUFFER];
      String before = "";
      try (client;
          server) {
        InputStream in = client.getInputStream();
        OutputStream out = server.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (!isTheWriters) {
            String text = before + new String(buffer, 0, read, ISO_8859_1);
            isTheWriters = text.contains(APPENDS);
            before = text.substring(Math.max(0, text.length() - APPENDS.length()));
          }
          if (!isMute) {
            out.write(buffer, 0, read);
          }
        }
      } catch (IOException closed) {
        // by either side
      }
    }

    void back() {
      try (client;
          server) {
        DataInputStream in =
            new DataInputStream(new BufferedInputStream(server.getInputStream(), BUFFER));
        DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(client.getOutputStream(), BUFFER));
        while (true) {
          byte type = in.readByte();
          int length = in.readInt();
          byte[] body = in.readNBytes(length - HEAD);
          if (type == COMMAND_COMPLETE && Arrays.equals(body, COMMIT) && isToBeLost()) {
            lose();
            return;
          }
          out.writeByte(type);
          out.writeInt(length);
          out.write(body);
          if (in.available() == 0) {
            out.flush();
          }
        }
      } catch (IOException closed) {
        // by either side
      }
    }

    private boolean isToBeLost() {
      synchronized (random) {
        return isTheWriters && losing && random.nextInt(oneIn) == 0;
      }
    }

    private void lose() throws IOException {
      lost.incrementAndGet();
      boolean isSilent;
      synchronized (random) {
        isSilent = random.nextInt(silentOneIn) == 0;
      }
      if (isSilent) {
        silent.incrementAndGet();
        isMute = true;
        InputStream rest = server.getInputStream();
        rest.transferTo(OutputStream.nullOutputStream()); // until the client gives up
      } else {
        client.setSoLinger(true, 0); // a reset
      }
    }
  }

  @Override
  public void close() {
    try {
      door.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
