package io.bincard.projections.viewstore;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedTripsTest {

  private static final long PATIENCE_SECONDS = 30;

  private final ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor();
  private final BlockingQueue<List<String>> begun = new LinkedBlockingQueue<>();
  private final Semaphore mayEnd = new Semaphore(0);
  private final SharedTrips trips =
      new SharedTrips(
          keys -> {
            begun.add(keys);
            mayEnd.acquireUninterruptibly();
            if (keys.contains("broken")) {
              throw new ViewStoreUnavailableException("it broke");
            }
            return echo(keys);
          });

  @AfterEach
  void end() {
    mayEnd.release(1_000);
    readers.close();
  }

  private static ViewReading echo(List<String> keys) {
    return new ViewReading(
        null,
        keys.stream().map(key -> Map.of("key".getBytes(UTF_8), key.getBytes(UTF_8))).toList(),
        List.of());
  }

  private static List<String> keysIn(ViewReading reading) {
    return reading.rows().stream()
        .map(row -> new String(row.values().iterator().next(), UTF_8))
        .toList();
  }

  private List<String> nextTrip() throws InterruptedException {
    List<String> trip = begun.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    assertThat(trip).isNotNull();
    return trip;
  }

  /** Begins a read whose keys wait for the next trip. */
  private Future<List<String>> waits(String... keys) throws InterruptedException {
    CountDownLatch there = new CountDownLatch(1);
    Future<List<String>> read =
        readers.submit(
            () -> {
              there.countDown();
              return keysIn(trips.read(List.of(keys)));
            });
    there.await();
    while (!trips.isWaiting(List.of(keys))) {
      Thread.onSpinWait();
    }
    return read;
  }

  private List<String> keysOf(Future<List<String>> read) throws Exception {
    return read.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  @Test
  void a_read_that_finds_a_trip_free_goes_alone_and_those_that_come_meanwhile_go_together()
      throws Exception {
    Future<List<String>> first = readers.submit(() -> keysIn(trips.read(List.of("a"))));
    assertThat(nextTrip()).containsExactly("a");
    Future<List<String>> second = readers.submit(() -> keysIn(trips.read(List.of("b"))));
    assertThat(nextTrip()).containsExactly("b");
    Future<List<String>> third = waits("c", "d");
    Future<List<String>> fourth = waits("e");
    Future<List<String>> none = waits();

    mayEnd.release();
    assertThat(nextTrip()).containsExactly("c", "d", "e");
    mayEnd.release(2);
    assertThat(keysOf(first)).containsExactly("a");
    assertThat(keysOf(second)).containsExactly("b");
    assertThat(keysOf(third)).containsExactly("c", "d");
    assertThat(keysOf(fourth)).containsExactly("e");
    assertThat(keysOf(none)).isEmpty();
    assertThat(begun).isEmpty();
  }

  @Test
  void a_trip_that_fails_fails_those_aboard_and_nobody_else() throws Exception {
    Future<List<String>> first = readers.submit(() -> keysIn(trips.read(List.of("a"))));
    nextTrip();
    Future<List<String>> second = readers.submit(() -> keysIn(trips.read(List.of("b"))));
    nextTrip();
    Future<List<String>> third = waits("broken");
    Future<List<String>> fourth = waits("d");
    mayEnd.release();
    nextTrip();
    mayEnd.release(2);

    assertThat(keysOf(first)).containsExactly("a");
    assertThat(keysOf(second)).containsExactly("b");
    for (Future<List<String>> failed : List.of(third, fourth)) {
      assertThatThrownBy(() -> keysOf(failed))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(ViewStoreUnavailableException.class)
          .hasMessage("it broke");
    }
    mayEnd.release();
    assertThat(keysIn(trips.read(List.of("e")))).containsExactly("e");
  }

  @Test
  void a_trip_takes_a_bounded_number_of_keys() throws Exception {
    List<Future<List<String>>> reads = new ArrayList<>();
    reads.add(readers.submit(() -> keysIn(trips.read(List.of("a")))));
    nextTrip();
    reads.add(readers.submit(() -> keysIn(trips.read(List.of("b")))));
    nextTrip();
    String[] page = IntStream.range(0, 200).mapToObj(i -> "k" + i).toArray(String[]::new);
    for (int i = 0; i < 3; i++) {
      page[0] = "page" + i;
      reads.add(waits(page.clone()));
    }
    mayEnd.release();
    assertThat(nextTrip()).hasSize(400).contains("page0", "page1");
    mayEnd.release();
    assertThat(nextTrip()).hasSize(200).contains("page2");
    mayEnd.release(2);
    for (Future<List<String>> read : reads.subList(2, reads.size())) {
      assertThat(keysOf(read)).hasSize(200);
    }
    assertThat(keysOf(reads.get(0))).containsExactly("a");
    assertThat(keysOf(reads.get(1))).containsExactly("b");
  }

  @Test
  void everybody_gets_what_he_asked_for() throws Exception {
    SharedTrips busy = new SharedTrips(SharedTripsTest::echo);
    List<Future<Boolean>> all = new ArrayList<>();
    for (int reader = 0; reader < 64; reader++) {
      String name = "r" + reader + "-";
      all.add(
          readers.submit(
              () ->
                  IntStream.range(0, 500)
                      .mapToObj(
                          i -> IntStream.rangeClosed(0, i % 3).mapToObj(j -> name + i + j).toList())
                      .allMatch(keys -> keysIn(busy.read(keys)).equals(keys))));
    }
    for (Future<Boolean> each : all) {
      assertThat(each.get(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
  }
}
