package io.bincard.application.embedded;

import io.bincard.application.fixture.RedisClient;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * An application that has nothing but its servers, and uses both while it closes. No annotation
 * lets other applications find it.
 */
class BareApplication {

  static final String CLOSED = "closed while both servers answered";

  public static void main(String[] args) {
    SpringApplication application = new SpringApplication(BareApplication.class);
    application.setWebApplicationType(WebApplicationType.NONE);
    application.setKeepAlive(true);
    application.addInitializers(new EmbeddedServers());
    application.run(args);
  }

  @Bean
  DisposableBean lastWords(Environment environment) {
    String database = environment.getRequiredProperty("spring.datasource.url");
    String user = environment.getProperty("spring.datasource.username", "");
    String redis = environment.getRequiredProperty("spring.data.redis.url");
    return () -> {
      askPostgres(database, user);
      askRedis(Integer.parseInt(redis.substring(redis.lastIndexOf(':') + 1)));
      System.out.println(CLOSED);
    };
  }

  private static void askPostgres(String url, String user) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, "")) {
      connection.createStatement().execute("SELECT 1");
    }
  }

  private static void askRedis(int port) throws IOException {
    String answer = RedisClient.ask(port, "PING");
    if (!answer.equals("+PONG")) {
      throw new IllegalStateException(answer);
    }
  }
}
