package io.bincard.application.cluster;

import io.bincard.application.cluster.LeaseTable.Seen;
import io.bincard.application.journal.JournalTail;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * The thread with a connection of its own that renews the lease while this node leads, and
 * otherwise looks who leads, follows the journal's head, and has the writer try to lead when nobody
 * does.
 *
 * <p>Notifications wake it. They can get lost with a connection, so it also looks at intervals.
 */
public final class LeaseWatch implements SmartLifecycle {

  private static final Logger logger = LoggerFactory.getLogger(LeaseWatch.class);

  /** After the writer, so that it stops before it. */
  private static final int PHASE = 1;

  private static final long RETRY_MILLIS = 200;

  /** How late a thread that waits for notifications sees that it is to stop or that it leads. */
  private static final long SLICE_MILLIS = 50;

  private final DataSource dataSource;
  private final LedgerLease lease;
  private final Leadership leadership;
  private final JournalTail tail;
  private final Runnable tryToLead;
  private final ClusterProperties settings;

  private volatile @Nullable Thread thread;
  private volatile boolean stopping;
  private volatile int port;
  private volatile long lastLook = System.nanoTime();

  /**
   * @param tryToLead has the writer look whether it may lead; returns at once
   */
  public LeaseWatch(
      DataSource dataSource,
      LedgerLease lease,
      Leadership leadership,
      JournalTail tail,
      Runnable tryToLead,
      ClusterProperties settings) {
    this.dataSource = dataSource;
    this.lease = lease;
    this.leadership = leadership;
    this.tail = tail;
    this.tryToLead = tryToLead;
    this.settings = settings;
    lease.onRelease(this::released);
  }

  private void released() {
    leadership.saw(null); // so that this node does not ask itself
    lookNow();
  }

  private void lookNow() {
    LockSupport.unpark(thread);
  }

  /** This node's routes are open at {@code openPort}. */
  public void routesAreOpen(int openPort) {
    port = openPort;
    lookNow();
  }

  /** Whether this node has seen the lease within the time that one runs. */
  boolean seesTheLease() {
    return System.nanoTime() - lastLook < settings.lease().toNanos();
  }

  @Override
  public void start() {
    stopping = false;
    thread = Thread.ofPlatform().daemon().name("ledger-lease").start(this::watchUntilStopped);
  }

  @Override
  public void stop() {
    Thread running = thread;
    stopping = true;
    if (running == null) {
      return;
    }
    LockSupport.unpark(running);
    try {
      running.join();
      thread = null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }

  private void watchUntilStopped() {
    while (!stopping) {
      try {
        Connection own = dataSource.getConnection();
        try {
          own.setNetworkTimeout(Runnable::run, Math.toIntExact(settings.lease().toMillis()));
          watch(own);
        } finally {
          lease.abandon(own); // it listens, and must not go back to the pool
        }
      } catch (SQLException | RuntimeException e) {
        if (!stopping) {
          logger
              .atWarn()
              .setCause(e)
              .addKeyValue("cause", e.getMessage())
              .log("The lease cannot be looked at; it is tried again");
          LockSupport.parkNanos(
              Duration.ofMillis(ThreadLocalRandom.current().nextLong(RETRY_MILLIS)).toNanos());
        }
      }
    }
  }

  private void watch(Connection own) throws SQLException {
    LeaseTable table = new LeaseTable(own);
    PGConnection notified = own.unwrap(PGConnection.class);
    String address = table.ownAddress();
    boolean listening = false;
    while (!stopping) {
      Leader me = lease.leading();
      if (listening == (me != null)) { // the leader knows what it commits
        listening = !listening;
        if (listening) {
          table.listen();
        } else {
          table.ignore();
        }
      }
      advertise(address);
      long next;
      if (me != null) {
        next = System.nanoTime() + settings.renewInterval().toNanos();
        renew(table, me);
      } else {
        next = System.nanoTime() + settings.pollInterval().toNanos();
        look(table);
      }
      lastLook = System.nanoTime();
      if (listening) {
        awaitNotification(notified, next);
      } else {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
  }

  private void advertise(String address) {
    URI set = settings.advertisedUrl();
    if (lease.url() == null && port != 0) {
      lease.advertise(
          set != null
              ? set
              : URI.create(
                  (address.contains(":") ? "http://[%s]:%d" : "http://%s:%d")
                      .formatted(address, port)));
    }
  }

  private void renew(LeaseTable table, Leader me) throws SQLException {
    URI url = lease.url();
    boolean moved = url != null && !url.equals(me.url());
    Leader now = moved ? new Leader(me.node(), me.epoch(), url, me.secret()) : me;
    long sent = System.nanoTime();
    if (table.renew(now, settings.lease())) {
      lease.renewed(now, sent);
      leadership.saw(now);
      if (moved) {
        table.tellOthers();
      }
    } else if (me.equals(lease.leading())) {
      lease.replaced(me);
      logger.atWarn().addKeyValue("epoch", me.epoch()).log("Another node leads the ledger now");
      tryToLead.run();
    }
  }

  private void look(LeaseTable table) throws SQLException {
    Seen seen = table.look();
    tail.advance(seen.head());
    if (leadership.saw(seen.leader()) && seen.leader() != null) {
      logger.atInfo().addKeyValue("leader", seen.leader()).log("The ledger is led");
    }
    if (seen.isFree()) {
      tryToLead.run();
    }
  }

  /** Moves the tail at every commit; returns when the lease is to be looked at. */
  private void awaitNotification(PGConnection notified, long next) throws SQLException {
    for (long left = next - System.nanoTime(); left > 0; left = next - System.nanoTime()) {
      long millis = Math.clamp(Duration.ofNanos(left).toMillis(), 1, SLICE_MILLIS);
      PGNotification[] heard = notified.getNotifications((int) millis);
      boolean changed = false;
      long head = 0;
      for (PGNotification each : heard == null ? new PGNotification[0] : heard) {
        if (each.getParameter().equals(LeaseTable.LEASE_CHANGED)) {
          changed = true;
        } else {
          head = Math.max(head, Long.parseLong(each.getParameter()));
        }
      }
      tail.advance(head);
      if (changed || stopping || lease.leading() != null) {
        return;
      }
    }
  }
}
