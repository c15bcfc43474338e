package io.bincard.application.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.FailureAnalyzedException;
import org.springframework.boot.jdbc.autoconfigure.DataSourceProperties;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Docker is not needed to see that the compose file and the application speak of one thing. */
class ComposeFileTest {

  @Test
  void gives_the_application_the_settings_by_which_it_starts_no_server_of_its_own()
      throws Exception {
    Map<String, Object> given = ComposeFile.read().environment("bincard");
    assertThat(given)
        .containsOnlyKeys(
            "SPRING_DATASOURCE_URL",
            "SPRING_DATASOURCE_USERNAME",
            "SPRING_DATASOURCE_PASSWORD",
            "SPRING_FLYWAY_USER",
            "SPRING_FLYWAY_PASSWORD",
            "SPRING_DATA_REDIS_URL",
            "BINCARD_RECONCILIATION_DECODING_PASSWORD");

    StandardEnvironment environment = environment(given);
    DataSourceProperties database =
        Binder.get(environment).bind("spring.datasource", DataSourceProperties.class).get();
    assertThat(database.getUrl()).isEqualTo("jdbc:postgresql://postgres:5432/bincard");
    assertThat(database.getUsername()).isEqualTo("bincard");
    assertThat(environment.getProperty("spring.data.redis.url")).isEqualTo("redis://redis:6379");

    try (GenericApplicationContext context = new GenericApplicationContext()) {
      context.setEnvironment(environment);
      new EmbeddedServers().initialize(context);
      assertThat(environment.containsProperty("server.address")).isFalse();
    }
  }

  @Test
  void a_redis_named_in_a_way_that_nothing_reads_is_refused() {
    StandardEnvironment environment =
        environment(
            Map.of(
                "SPRING_DATASOURCE_URL", "jdbc:postgresql://db/b", "SPRING_DATA_REDIS_HOST", "r"));
    try (GenericApplicationContext context = new GenericApplicationContext()) {
      context.setEnvironment(environment);
      assertThatThrownBy(() -> new EmbeddedServers().initialize(context))
          .isInstanceOf(FailureAnalyzedException.class)
          .hasMessageContaining("spring.data.redis.host is set");
    }
  }

  @Test
  void the_application_and_the_database_agree_on_user_password_and_name() throws Exception {
    ComposeFile file = ComposeFile.read();
    Map<String, Object> database = file.environment("postgres");
    Map<String, Object> application = file.environment("bincard");
    assertThat(application)
        .containsEntry("SPRING_DATASOURCE_PASSWORD", database.get("POSTGRES_PASSWORD"))
        .containsEntry("SPRING_FLYWAY_PASSWORD", database.get("POSTGRES_PASSWORD"))
        .containsEntry(
            "BINCARD_RECONCILIATION_DECODING_PASSWORD", database.get("POSTGRES_PASSWORD"));
    assertThat(file.service("postgres").get("volumes"))
        .asInstanceOf(LIST)
        .contains("./deploy/roles.sql:/docker-entrypoint-initdb.d/roles.sql:ro");
    assertThat(Files.readString(Path.of("..", "deploy", "roles.sql")))
        .contains("\\getenv password POSTGRES_PASSWORD")
        .contains("role " + application.get("SPRING_DATASOURCE_USERNAME") + " login")
        .contains("role " + application.get("SPRING_FLYWAY_USER") + " login")
        .contains("role bincard_decoding login replication")
        .contains("database bincard owner " + application.get("SPRING_FLYWAY_USER"));
    assertThat(String.valueOf(application.get("SPRING_DATASOURCE_URL"))).endsWith("/bincard");
    assertThat(application.get("SPRING_FLYWAY_USER"))
        .as("who owns the journal is not who writes it")
        .isNotEqualTo(application.get("SPRING_DATASOURCE_USERNAME"));
  }

  @Test
  void every_service_says_when_it_is_healthy_and_comes_back_by_itself() throws Exception {
    ComposeFile file = ComposeFile.read();
    assertThat(file.services()).containsOnlyKeys("postgres", "redis", "bincard");
    for (String name : file.services().keySet()) {
      assertThat(file.healthCheck(name)).as(name).isNotEmpty();
      assertThat(file.service(name)).containsEntry("restart", "unless-stopped");
    }
    assertThat(file.service("bincard").get("depends_on"))
        .isEqualTo(
            Map.of(
                "postgres", Map.of("condition", "service_healthy"),
                "redis", Map.of("condition", "service_healthy")));
  }

  @Test
  void the_servers_are_as_durable_as_the_embedded_ones() throws Exception {
    ComposeFile file = ComposeFile.read();
    assertThat(file.service("postgres")).containsEntry("image", "postgres:18");
    assertThat(words(file, "postgres"))
        .contains("fsync=on", "synchronous_commit=on", "full_page_writes=on")
        .contains("wal_level=logical", "max_slot_wal_keep_size=2GB");
    assertThat(file.service("redis")).containsEntry("image", "redis:8");
    assertThat(words(file, "redis"))
        .containsSequence("--appendonly", "yes")
        .containsSequence("--maxmemory-policy", "noeviction");
    assertThat(file.service("postgres").get("volumes"))
        .asInstanceOf(LIST)
        .contains("postgres-data:/var/lib/postgresql");
    assertThat(file.service("redis").get("volumes")).isEqualTo(List.of("redis-data:/data"));
  }

  @Test
  void the_image_is_built_from_a_file_that_exists_out_of_the_jar_that_the_build_makes()
      throws Exception {
    assertThat(ComposeFile.read().service("bincard").get("build"))
        .isEqualTo(Map.of("context", ".", "dockerfile", "deploy/Dockerfile"));
    assertThat(Files.readString(Path.of("..", "deploy", "Dockerfile")))
        .contains("application/target/bincard.jar");
    assertThat(Files.readString(Path.of("pom.xml"))).contains("<finalName>bincard</finalName>");
  }

  @SuppressWarnings("unchecked")
  private static List<String> words(ComposeFile file, String service) {
    return (List<String>) file.service(service).getOrDefault("command", List.of());
  }

  private static StandardEnvironment environment(Map<String, Object> variables) {
    StandardEnvironment environment = new StandardEnvironment();
    environment
        .getPropertySources()
        .forEach(s -> environment.getPropertySources().remove(s.getName()));
    environment
        .getPropertySources()
        .addFirst(
            new SystemEnvironmentPropertySource(
                StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME, variables));
    ConfigurationPropertySources.attach(environment);
    return environment;
  }
}
