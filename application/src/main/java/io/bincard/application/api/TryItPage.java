package io.bincard.application.api;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.springdoc.core.properties.SwaggerUiConfigProperties;
import org.springdoc.core.properties.SwaggerUiOAuthProperties;
import org.springdoc.core.providers.ObjectMapperProvider;
import org.springdoc.webmvc.ui.SwaggerIndexPageTransformer;
import org.springdoc.webmvc.ui.SwaggerWelcomeCommon;
import org.springframework.core.io.Resource;
import org.springframework.web.servlet.resource.ResourceTransformerChain;
import org.springframework.web.servlet.resource.TransformedResource;

/**
 * The page to try the API, with the example of a batch as lines that can be edited and sent.
 *
 * <p>Swagger UI takes newline-delimited JSON for JSON and shows its example as one quoted string,
 * which is no batch; a plugin of a few lines shows it as it is.
 */
final class TryItPage extends SwaggerIndexPageTransformer {

  private static final String SETTINGS_FILE = "swagger-initializer.js";
  private static final String PLUGINS = "plugins: [";
  private static final String LINES_AS_THEY_ARE =
      """

            () => ({
              afterLoad() {
                const sample = this.fn.getSampleSchema;
                this.fn.getSampleSchema = (schema, type, config, example) =>
                  /ndjson/.test(type) && typeof example === "string"
                    ? example
                    : sample(schema, type, config, example);
              }
            }),""";

  TryItPage(
      SwaggerUiConfigProperties settings,
      SwaggerUiOAuthProperties oAuth,
      SwaggerWelcomeCommon welcome,
      ObjectMapperProvider mapper) {
    super(settings, oAuth, welcome, mapper);
  }

  @Override
  public Resource transform(
      HttpServletRequest request, Resource resource, ResourceTransformerChain chain)
      throws IOException {
    Resource page = super.transform(request, resource, chain);
    if (!SETTINGS_FILE.equals(resource.getFilename())) {
      return page;
    }
    String script = page.getContentAsString(StandardCharsets.UTF_8);
    return new TransformedResource(
        page,
        script.replace(PLUGINS, PLUGINS + LINES_AS_THEY_ARE).getBytes(StandardCharsets.UTF_8));
  }
}
