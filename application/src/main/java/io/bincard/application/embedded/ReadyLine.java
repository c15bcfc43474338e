package io.bincard.application.embedded;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/**
 * Says once, when requests are served, what runs where and what to try. It is the first thing a new
 * user reads, so it is one plain sentence and a command to copy, not key-values.
 */
final class ReadyLine implements ApplicationListener<ApplicationReadyEvent> {

  private static final Logger log = LoggerFactory.getLogger("io.bincard");

  private final List<String> places;

  /**
   * @param places what runs where, one entry a server
   */
  ReadyLine(List<String> places) {
    this.places = List.copyOf(places);
  }

  @Override
  public void onApplicationEvent(ApplicationReadyEvent event) {
    ApplicationContext context = event.getApplicationContext();
    @Nullable BuildProperties build =
        context.getBeanProvider(BuildProperties.class).getIfAvailable();
    log.info("{}", text(build == null ? null : build.getVersion(), context.getEnvironment()));
  }

  /** The line itself. */
  String text(@Nullable String version, Environment environment) {
    String url = url(environment);
    return "Bincard%s is ready: %s (%s). Try: %s"
        .formatted(
            version == null ? "" : " " + version,
            url,
            String.join("; ", places),
            "curl -s -X POST "
                + url
                + "/v1/stock-items -H 'Content-Type: application/json' -H 'Idempotency-Key: hello-1'"
                + " -d '{\"sku\":\"HELLO\",\"openingQuantity\":10}'");
  }

  private static String url(Environment environment) {
    String address = environment.getProperty("server.address", LoopbackPort.ADDRESS);
    // The wildcard addresses are nothing to connect to.
    String host =
        switch (address) {
          case "", "0.0.0.0", "::" -> LoopbackPort.ADDRESS;
          default -> address.contains(":") ? "[" + address + "]" : address;
        };
    boolean secure =
        environment.containsProperty("server.ssl.bundle")
            || environment.containsProperty("server.ssl.key-store")
            || environment.containsProperty("server.ssl.certificate");
    return "%s://%s:%s%s"
        .formatted(
            secure ? "https" : "http",
            host,
            environment.getProperty("local.server.port", "8080"),
            environment.getProperty("server.servlet.context-path", ""));
  }
}
