package io.bincard.application;

import io.bincard.application.embedded.EmbeddedServers;
import io.bincard.application.failpoint.FailPoint;
import io.bincard.application.repricing.PricingJob;
import java.io.PrintStream;
import org.axonframework.springboot.autoconfig.UpdateCheckerAutoConfiguration;
import org.axonframework.springboot.autoconfig.XStreamAutoConfiguration;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.opentelemetry.autoconfigure.logging.OpenTelemetryLoggingAutoConfiguration;

/**
 * Bincard: starts the ledger and serves it over HTTP until the process is asked to stop, or runs a
 * {@link PricingJob}.
 */
@SpringBootApplication(
    // Axon's update checker tells its maker about every start; a ledger tells nobody.
    // XStream would read any class a stored name asks for, and its start makes the JVM warn.
    // OpenTelemetry is here for the ids of traces; its logs would be a thread that waits for
    // nothing.
    exclude = {
      UpdateCheckerAutoConfiguration.class,
      XStreamAutoConfiguration.class,
      OpenTelemetryLoggingAutoConfiguration.class
    })
public class Bincard {

  public static void main(String[] args) {
    if (PricingJob.isAskedFor(args)) {
      System.exit(PricingJob.run(args, stdout(), stderr()));
    }
    SpringApplication application = new SpringApplication(Bincard.class);
    // Here and not for every context on the class path: a test must not start servers unasked.
    application.addInitializers(new EmbeddedServers());
    application.addInitializers(_ -> FailPoint.announce()); // when there is a log
    application.run(args);
  }

  @SuppressWarnings("SystemOut") // a command line program
  private static PrintStream stdout() {
    return System.out;
  }

  @SuppressWarnings("SystemOut") // a command line program
  private static PrintStream stderr() {
    return System.err;
  }
}
