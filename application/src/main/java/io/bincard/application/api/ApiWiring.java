package io.bincard.application.api;

import io.micrometer.tracing.Tracer;
import io.swagger.v3.oas.models.OpenAPI;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.core.properties.SwaggerUiOAuthProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.webmvc.ui.SwaggerIndexTransformer;
import org.springdoc.webmvc.ui.SwaggerWelcomeCommon;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** The parts that the routes share; the routes themselves are the controllers of this package. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ApiProperties.class)
class ApiWiring {

  private static final String PASS_THROUGH = "passthrough";

  @Bean
  CommandDesk commandDesk(CommandGateway gateway, ApiProperties limits) {
    return new CommandDesk(gateway, limits);
  }

  @Bean
  CommandCounter commandCounter(CommandDesk desk, ApiProperties limits) {
    return new CommandCounter(desk, limits);
  }

  @Bean
  RequestTrace requestTrace(Tracer tracer) {
    return new RequestTrace(tracer);
  }

  @Bean
  OpenAPI openApi(ObjectProvider<BuildProperties> build) {
    return ApiDocument.frame(
        build.stream().findFirst().map(BuildProperties::getVersion).orElse("development"));
  }

  @Bean
  ApiDocument apiDocument(ApiProperties limits) {
    return new ApiDocument(limits);
  }

  @Bean
  FilterRegistrationBean<PathFilter> pathFilter() {
    FilterRegistrationBean<PathFilter> registration =
        new FilterRegistrationBean<>(new PathFilter());
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }

  /** Problems where Tomcat has pages, and encoded slashes left to the routes, which refuse them. */
  @Bean
  WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> strictTomcat() {
    return factory -> {
      factory.addContextCustomizers(
          context -> context.getParent().getPipeline().addValve(new ProblemValve()));
      factory.addConnectorCustomizers(
          connector -> {
            connector.setEncodedSolidusHandling(PASS_THROUGH);
            connector.setEncodedReverseSolidusHandling(PASS_THROUGH);
          });
    };
  }

  @Bean
  @ConditionalOnBooleanProperty(
      prefix = "springdoc",
      name = {"api-docs.enabled", "swagger-ui.enabled"},
      matchIfMissing = true)
  SwaggerIndexTransformer tryItPage(
      SwaggerUiConfigProperties settings,
      SwaggerUiOAuthProperties oAuth,
      SwaggerWelcomeCommon welcome,
      ObjectMapperProvider mapper) {
    return new TryItPage(settings, oAuth, welcome, mapper);
  }
}
