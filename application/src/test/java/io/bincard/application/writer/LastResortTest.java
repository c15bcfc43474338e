package io.bincard.application.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** F18 shows what it is for: a process whose committer died is started again and answers. */
@ExtendWith(OutputCaptureExtension.class)
class LastResortTest {

  @Test
  void a_thread_that_dies_takes_the_process_with_it_and_says_why(CapturedOutput output)
      throws InterruptedException {
    List<Integer> ended = new CopyOnWriteArrayList<>();
    Thread thread =
        Thread.ofPlatform()
            .name("ledger-something")
            .uncaughtExceptionHandler(new LastResort(ended::add))
            .start(
                () -> {
                  throw new NoClassDefFoundError("io/bincard/Gone");
                });
    thread.join();

    assertThat(ended).containsExactly(3);
    assertThat(output).contains("the process ends", "ledger-something", "io/bincard/Gone");
  }
}
