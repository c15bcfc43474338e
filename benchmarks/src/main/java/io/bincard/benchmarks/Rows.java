package io.bincard.benchmarks;

/** The names of the rows and figures, as they stand in the table. */
final class Rows {

  static final String HOT_64 = hot("64");
  static final String HOT_256 = hot("256");
  static final String HOT_1024 = hot("1024");
  static final String SQL_HOT_1 = "SQL, one item, one statement";
  static final String SQL_HOT = "SQL, one item, four round trips";
  static final String AXON = "stock Axon, one item, cached, 32 callers";
  static final String REDIS = "Redis, appendfsync=always, 50 connections";
  static final String SPREAD_64 = spread("64");
  static final String SPREAD_256 = spread("256");
  static final String SPREAD_1024 = spread("1024");
  static final String SQL_SPREAD = "SQL, 100,000 items, one statement";
  static final String OPEN = "ledger, one item, open loop at half of the peak";
  static final String HTTP_ECHO = "HTTP, echo, 64 connections";
  static final String HTTP_SINGLE = "HTTP, single deductions, 64 connections";
  static final String HTTP_BATCH = "HTTP, batches of 500, 4 connections";
  static final String HOP_SINGLE = HTTP_SINGLE + ", through a follower";
  static final String HOP_BATCH = HTTP_BATCH + ", through a follower";
  static final String FLAT_ITEMS = "ledger, one item among many, 256 callers";
  static final String FLAT_EVENTS = "ledger, one item, long journal, 256 callers";
  static final String ITEMS = "many items";
  static final String EVENTS = "events in the long journal";
  static final String HEAP = "heap with many items, bytes";
  static final String RESIDENT = "resident with many items, bytes";
  static final String START = "start with many items until ready, ms";
  static final String TOUCHED = "first command to each of many items, a second";
  static final String LIVE = "live items";
  static final String LIVE_BYTES = "live items as the ledger estimates them, bytes";

  static final String PAIRS_64 = pairs("64");
  static final String PAIRS_256 = pairs("256");
  static final String ORDERS = "orders of 3 items at once, 1,000 items, 256 callers";
  static final String FEW_64 = few("64");
  static final String FEW_256 = few("256");
  static final String SQL_PAIRS = "SQL, hold of 3 items and its confirmation, 1,000 items";
  static final String HOLDS = "holds that expire";
  static final String PACE = "deductions a second while holds expire";
  static final String CALM = "deductions while holds are open, open loop";
  static final String SPREAD_EXPIRY = "deductions while holds expire, 5,000 a second, open loop";
  static final String STORM_CALM = CALM + ", before all are over at once";
  static final String STORM = "deductions while holds expire, all in one second, open loop";
  static final String LATE = "end of a hold committed after its time, 5,000 a second";
  static final String STORM_LATE = "end of a hold committed after its time, all in one second";

  static final String PRICE = "price of 20 lines by 10,000 rules, one core";
  static final String PRICE_ENGINE = "the same by Drools, the sum alone";
  static final String PRICE_LOOP = "the same by a loop over all rules, the sum alone";
  static final String POLICY_LOAD = "load of a policy of 100,000 lines";
  static final String QUOTES = "HTTP, quotes at 5,000 a second while policies change";
  static final String RELOADS = "changes of the policy under quotes, each second one broken";
  static final String RELOAD_P50 = "rename to first quote, p50 µs";
  static final String RELOAD_P99 = "rename to first quote, p99 µs";
  static final String RELOAD_MAX = "rename to first quote, max µs";

  static final String LATE_AGENDA = "keys told at their instants, under load: agenda";
  static final String LATE_WHEEL = "the same: Netty's wheel, ticks of 1 ms";
  static final String LATE_WHEEL_100 = "the same: Netty's wheel, its own ticks of 100 ms";
  static final String LATE_POOL = "the same: ScheduledThreadPoolExecutor";
  static final String LATE_TABLE = "the same: db-scheduler, lock and fetch every 10 ms";
  static final String CHANGE_AGENDA = "a key cancelled and set again among many: agenda";
  static final String CHANGE_WHEEL = "the same change: Netty's wheel, ticks of 1 ms";
  static final String CHANGE_POOL = "the same change: ScheduledThreadPoolExecutor";
  static final String CHANGE_TABLE = "the same change: db-scheduler";
  static final String KEYS = "keys that wait";
  static final String BYTES_AGENDA = "agenda, bytes a key";
  static final String BYTES_WHEEL = "Netty's wheel, bytes a key";
  static final String BYTES_POOL = "ScheduledThreadPoolExecutor, bytes a key";

  static final String REBUILD = "rebuild of all views until they are switched, events";
  static final String AXON_REPLAY =
      "replay by Axon's pooled processor to a handler that only counts";
  static final String REBUILT_ITEMS = "items of the journal that views are rebuilt from";
  static final String REBUILT_EVENTS = "its events";

  private Rows() {}

  static String hot(String callers) {
    return "ledger, one item, " + callers + " callers";
  }

  static String spread(String callers) {
    return "ledger, 100,000 items, " + callers + " callers";
  }

  static String few(String callers) {
    return "ledger, 1,000 items, " + callers + " callers";
  }

  static String pairs(String callers) {
    return "hold of 3 items and its confirmation, 1,000 items, " + callers + " callers";
  }

  static String bare(boolean receipts, String callers) {
    return "bare group commit, events"
        + (receipts ? " and receipts, " : ", ")
        + callers
        + " callers";
  }
}
