package io.bincard.application.embedded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.StringUtils;

/**
 * Starts the servers that no URL is configured for, before the application context exists, and adds
 * their URLs to the environment.
 *
 * <p>They stop when the context has closed, Redis first: Spring Boot runs its shutdown handlers
 * after its contexts, in one hook, so a Ctrl-C never takes the database away from a running
 * request. With an embedded server the HTTP server binds to the loopback address unless an address
 * is configured: such a ledger is one person's, on one machine.
 */
public final class EmbeddedServers
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {

  private static final String DATABASE_URL = "spring.datasource.url";
  private static final String REDIS_URL = "spring.data.redis.url";

  /** Spring Boot's other way to name a Redis, which Bincard does not read. */
  private static final String REDIS_HOST = "spring.data.redis.host";

  /**
   * @throws FailureAnalyzedException if a server is neither configured nor part of this build, or
   *     an embedded one cannot start
   */
  @Override
  public void initialize(ConfigurableApplicationContext context) {
    ConfigurableEnvironment environment = context.getEnvironment();
    boolean needsPostgres = isMissing(environment, DATABASE_URL);
    boolean needsRedis = isMissing(environment, REDIS_URL);
    if (needsRedis && !isMissing(environment, REDIS_HOST)) {
      throw new FailureAnalyzedException(
          REDIS_HOST + " is set, but Bincard reads only " + REDIS_URL + ".",
          "Set " + REDIS_URL + ", such as redis://user:password@redis.example:6379/0.");
    }
    checkBundled(needsPostgres, needsRedis);

    List<String> places = new ArrayList<>();
    if (!needsPostgres) {
      places.add("PostgreSQL at " + place(environment, DATABASE_URL));
    }
    if (needsPostgres || needsRedis) {
      Map<String, Object> properties = loopback(environment);
      for (EmbeddedServer server : start(environment, needsPostgres, needsRedis)) {
        properties.putAll(server.properties());
        places.add(server.description());
      }
      environment
          .getPropertySources()
          .addFirst(new MapPropertySource("bincard embedded servers", properties));
    }
    if (!needsRedis) {
      places.add("Redis at " + place(environment, REDIS_URL));
    }
    context.addApplicationListener(new ReadyLine(places));
  }

  private static List<EmbeddedServer> start(
      Environment environment, boolean needsPostgres, boolean needsRedis) {
    EmbeddedProperties settings =
        Binder.get(environment).bindOrCreate("bincard.embedded", EmbeddedProperties.class);
    DataFolder folder = DataFolder.take(settings.dataFolder());
    Running running = new Running(folder);
    // Before the first process: a Ctrl-C while they start must find this handler.
    SpringApplication.getShutdownHandlers().add(running);
    BundledPrograms programs = new BundledPrograms(folder.folder("programs"));
    List<EmbeddedServer> servers = new ArrayList<>();
    if (needsPostgres) {
      servers.add(new PostgresServer(folder, programs.postgres(), settings));
    }
    if (needsRedis) {
      servers.add(new RedisServer(folder, programs.redis(), settings));
    }
    servers.forEach(running::start);
    return servers;
  }

  /** The bindings to the loopback address, as far as the user has not chosen one. */
  private static Map<String, Object> loopback(Environment environment) {
    Map<String, Object> properties = new HashMap<>();
    if (!environment.containsProperty("server.address")) {
      properties.put("server.address", LoopbackPort.ADDRESS);
    }
    if (environment.containsProperty("management.server.port")
        && !environment.containsProperty("management.server.address")) {
      properties.put("management.server.address", LoopbackPort.ADDRESS);
    }
    return properties;
  }

  private static void checkBundled(boolean needsPostgres, boolean needsRedis) {
    List<String> missing = new ArrayList<>();
    List<String> remedies = new ArrayList<>();
    if (needsPostgres && !BundledPrograms.hasPostgres()) {
      missing.add("no database configured: set spring.datasource.url");
      remedies.add(
          "Set spring.datasource.url (or the environment variable SPRING_DATASOURCE_URL) to a"
              + " PostgreSQL 18, such as jdbc:postgresql://db.example:5432/bincard, with"
              + " spring.datasource.username and spring.datasource.password.");
    }
    if (needsRedis && !BundledPrograms.hasRedis()) {
      missing.add("no Redis configured: set spring.data.redis.url");
      remedies.add(
          "Set spring.data.redis.url (or SPRING_DATA_REDIS_URL), such as"
              + " redis://redis.example:6379.");
    }
    if (!missing.isEmpty()) {
      throw new FailureAnalyzedException(
          "This build carries no embedded servers; " + String.join("; ", missing) + ".",
          String.join(System.lineSeparator(), remedies));
    }
    if ((needsPostgres || needsRedis) && !BundledPrograms.hasThisPlatform()) {
      throw new FailureAnalyzedException(
          "There are no embedded servers for %s.".formatted(BundledPrograms.platform()),
          "Start PostgreSQL 18 and Redis yourself, for example with docker compose, and set"
              + " spring.datasource.url and spring.data.redis.url.");
    }
  }

  private static boolean isMissing(Environment environment, String property) {
    return !StringUtils.hasText(environment.getProperty(property));
  }

  private static String place(Environment environment, String property) {
    return Shown.url(environment.getRequiredProperty(property));
  }

  /** The servers of this process, stopped in the reverse order of their start. */
  private static final class Running implements Runnable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedServers.class);

    private final Deque<EmbeddedServer> started = new ArrayDeque<>();
    private final DataFolder folder;
    private boolean stopping;

    Running(DataFolder folder) {
      this.folder = folder;
    }

    /** Starts a server unless the process is already stopping. */
    synchronized void start(EmbeddedServer server) {
      if (stopping) {
        throw new FailureAnalyzedException("Bincard was stopped while it started.", null);
      }
      // Also one that fails half way is stopped.
      started.push(server);
      server.start();
    }

    @Override
    public synchronized void run() {
      stopping = true;
      while (!started.isEmpty()) {
        EmbeddedServer server = started.pop();
        try {
          server.stop();
        } catch (RuntimeException e) {
          log.atError().setCause(e).log("An embedded server did not stop");
        }
      }
      folder.close();
    }
  }
}
