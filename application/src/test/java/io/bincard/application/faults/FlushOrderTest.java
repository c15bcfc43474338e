package io.bincard.application.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FlushOrderTest {

  private static final String SENT =
      "7  recvfrom(9<socket:[1]>, \"B\\0{\\\"key\\\":\\\"k1\\\"}\", 8192, 0, NULL, NULL) = 99\n";
  private static final String COMMIT =
      "7  recvfrom(9<socket:[1]>, \"B\\0S_1\", 8192, 0, NULL, NULL) = 20\n";
  private static final String WRITTEN = "7  pwrite64(5</d/pg_wal/01>, \"..\", 8192, 0) = 8192\n";
  private static final String FLUSHED = "7  fdatasync(5</d/pg_wal/01>)     = 0\n";
  private static final String COMMITTED =
      "7  sendto(9<socket:[1]>, \"C\\0\\0\\0\\vCOMMIT\\0Z\", 30, 0, NULL, 0) = 30\n";
  private static final String ANSWERED =
      "8  write(3<socket:[2]>, \"HTTP/1.1 201 \\r\\n\\r\\n{\\\"key\\\":\\\"k1\\\",\\\"status\\\":\\\"done\\\"}\", 90) = 90\n";

  @Test
  void follows_an_answer_to_the_flush_before_it() {
    FlushOrder order = read(SENT + COMMIT + WRITTEN + FLUSHED + COMMITTED + ANSWERED);
    assertThat(order.violations()).isEmpty();
    assertThat(order.checked()).isEqualTo(1);
  }

  @Test
  void takes_the_flush_of_another_process_that_began_after_the_commit_was_sent() {
    String theirs = FLUSHED.replaceFirst("7", "6");
    assertThat(read(SENT + COMMIT + WRITTEN + theirs + COMMITTED + ANSWERED).violations())
        .isEmpty();
    assertThat(
            read(SENT
                    + "6  fdatasync(5</d/pg_wal/01> <unfinished ...>\n"
                    + COMMIT
                    + WRITTEN
                    + "6  <... fdatasync resumed>) = 0\n"
                    + COMMITTED
                    + ANSWERED)
                .violations())
        .hasSize(1);
  }

  @Test
  void reports_an_answer_without_a_flush() {
    assertThat(read(SENT + COMMIT + WRITTEN + COMMITTED + ANSWERED).violations()).hasSize(1);
    assertThat(read(SENT + COMMIT + FLUSHED + COMMITTED + ANSWERED).violations()).hasSize(1);
  }

  @Test
  void reports_a_flush_that_failed() {
    String failed = FLUSHED.replace("= 0", "= -1 EIO (Input/output error)");
    assertThat(read(SENT + COMMIT + WRITTEN + failed + COMMITTED + ANSWERED).violations())
        .hasSize(1);
  }

  @Test
  void reports_an_answer_that_is_sent_while_the_flush_runs() {
    assertThat(
            read(SENT
                    + COMMIT
                    + WRITTEN
                    + "7  fdatasync(5</d/pg_wal/01> <unfinished ...>\n"
                    + ANSWERED
                    + "7  <... fdatasync resumed>) = 0\n"
                    + COMMITTED)
                .violations())
        .hasSize(1);
  }

  @Test
  void reports_an_answer_before_the_reply_to_the_commit() {
    assertThat(read(SENT + COMMIT + WRITTEN + FLUSHED + ANSWERED + COMMITTED).violations())
        .hasSize(1);
  }

  @Test
  void takes_no_receipt_on_its_way_to_the_ledger_for_an_answer() {
    String receipt = ANSWERED.replace("HTTP/1.1 201 ", "B\\\\0S_2");
    assertThat(
            read(receipt + SENT + COMMIT + WRITTEN + FLUSHED + COMMITTED + ANSWERED).violations())
        .isEmpty();
  }

  @Test
  void says_nothing_of_a_key_that_was_sent_before_it_looked_on() {
    FlushOrder order = read(ANSWERED, "k1", "k2");
    assertThat(order.violations()).isEmpty();
    assertThat(order.checked()).isZero();
    assertThat(read(ANSWERED, "k2").violations()).hasSize(1);
  }

  private static FlushOrder read(String strace, String... missed) {
    FlushOrder order = new FlushOrder(7, Set.of(missed));
    Arrays.stream(strace.split("\n", -1)).forEach(order::line);
    return order;
  }
}
