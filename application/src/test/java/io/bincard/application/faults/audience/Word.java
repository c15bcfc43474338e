package io.bincard.application.faults.audience;

/**
 * One thing that a server told.
 *
 * @param type {@code snapshot}, {@code stock}, {@code unknown}, {@code resync}, {@code redirect},
 *     {@code heartbeat}, or something else
 * @param position that it moves the client to; {@link #NO_POSITION} if to none
 * @param data as it came
 */
record Word(String type, long position, String data) {

  static final long NO_POSITION = -1;

  /** A text in the data; empty if it is not there. */
  String text(String member) {
    String name = "\"" + member + "\":\"";
    int at = data.indexOf(name);
    return at < 0 ? "" : data.substring(at + name.length(), data.indexOf('"', at + name.length()));
  }

  /** A whole number in the data; {@link Long#MIN_VALUE} if it is not there. */
  long number(String member) {
    String name = "\"" + member + "\":";
    int at = data.indexOf(name);
    if (at < 0) {
      return Long.MIN_VALUE;
    }
    int end = at + name.length();
    while (end < data.length() && "-0123456789".indexOf(data.charAt(end)) >= 0) {
      end++;
    }
    return Long.parseLong(data, at + name.length(), end, 10);
  }
}
