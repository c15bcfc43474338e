package io.bincard.application.embedded;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The project's docker-compose.yml, read without Docker.
 *
 * @param services each service's own part, by its name
 */
record ComposeFile(Map<String, Map<String, Object>> services) {

  @SuppressWarnings("unchecked") // The shape is the one of a compose file; a wrong one fails here.
  static ComposeFile read() throws IOException {
    try (Reader reader = Files.newBufferedReader(Path.of("..", "docker-compose.yml"))) {
      Map<String, Object> whole = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
      return new ComposeFile(
          (Map<String, Map<String, Object>>) whole.getOrDefault("services", Map.of()));
    }
  }

  Map<String, Object> service(String name) {
    return services.getOrDefault(name, Map.of());
  }

  /** The variables that a service is given. */
  @SuppressWarnings("unchecked")
  Map<String, Object> environment(String name) {
    return (Map<String, Object>) service(name).getOrDefault("environment", Map.of());
  }

  /** The words of a service's health check. */
  @SuppressWarnings("unchecked")
  List<String> healthCheck(String name) {
    Map<String, Object> check =
        (Map<String, Object>) service(name).getOrDefault("healthcheck", Map.of());
    return (List<String>) check.getOrDefault("test", List.of());
  }

  /** The path that tells whether Bincard is ready. */
  String healthPath() {
    return URI.create(healthCheck("bincard").getLast()).getPath();
  }
}
