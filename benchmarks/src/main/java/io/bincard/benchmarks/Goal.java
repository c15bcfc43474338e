package io.bincard.benchmarks;

/** What is to be reached. */
enum Goal {
  /** Deductions of one item. */
  P1,
  /** Deductions spread over many items. */
  P2,
  /** Latency at half of P1's peak. */
  P3,
  /** Single deductions over HTTP. */
  P4,
  /** Batches over HTTP. */
  P5,
  /** Questions about stock over HTTP. */
  P6,
  /** From a commit until Redis shows it. */
  P7,
  /** Orders held and confirmed, and holds that expire. */
  HOLDS,
  /** All views made anew from a long journal. */
  P8,
  /** All views compared with the ledger; not among those that run by themselves. */
  P9,
  /** Prices, and policies that change meanwhile. */
  P10,
  /** How late many keys of an agenda are told, each of its instant, under load. */
  TIMERS,
  /** Memory of many items. */
  P11,
  /** Many items registered cost the hot one nothing. */
  FLAT_ITEMS,
  /** A long journal costs nothing. */
  FLAT_EVENTS,
  /** What the way through a node that does not lead costs. */
  HOP,
  /** Memory under twice the peak; not among those that run by themselves. */
  OVERLOAD,
  /** P8 while units are sold and figures are read; not among those that run by themselves. */
  REBUILD,
  /** Ten thousand clients of live stock; not among those that run by themselves either. */
  PUSH
}
