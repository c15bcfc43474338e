package io.bincard.projections.push;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import java.util.Set;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.core.annotation.Order;

/** Says in the application's OpenAPI document how live stock is asked for. */
@Order(PushDocument.BEFORE_WHAT_ALL_ROUTES_SHARE)
final class PushDocument implements GlobalOpenApiCustomizer {

  static final int BEFORE_WHAT_ALL_ROUTES_SHARE = 0;

  private static final String TAG = "Storefront";
  private static final String POSITION = "^[0-9]{1,18}$";

  private final int maxSkus;

  PushDocument(int maxSkus) {
    this.maxSkus = maxSkus;
  }

  @Override
  public void customise(OpenAPI api) {
    put(api, StockPushController.EVENTS, events());
    put(api, StockPushController.SOCKET, socket());
  }

  private static void put(OpenAPI api, String path, Operation question) {
    PathItem item = new PathItem();
    item.setGet(question);
    api.getPaths().addPathItem(path, item);
  }

  private Operation events() {
    Operation operation =
        operation(
            "stream-stock",
            "Live stock of items, as server-sent events",
            "A snapshot of each of at most "
                + maxSkus
                + " items, then each change. The id of an event is a position: all changes up to it"
                + " have been sent.");
    operation.addParametersItem(
        parameter("query", "skus", "SKUs with commas between them", true).example("TEAPOT-1"));
    operation.addParametersItem(location());
    operation.addParametersItem(
        position("header", "Last-Event-ID", "goes on from there, as browsers ask by themselves"));
    operation.addParametersItem(
        position("query", "lastEventId", "the same, for clients that cannot set headers"));
    operation.addParametersItem(token());
    MediaType media = new MediaType();
    media.setSchema(text("events of the kinds snapshot, stock, unknown, resync and redirect"));
    operation.setResponses(
        new ApiResponses()
            .addApiResponse(
                "200",
                new ApiResponse()
                    .description("The events, until one side closes the connection.")
                    .content(new Content().addMediaType("text/event-stream", media)))
            .addApiResponse("400", problem("invalid-value", "too-many-skus", "missing-parameter"))
            .addApiResponse("429", problem("too-many-streams"))
            .addApiResponse("503", problem("node-stopping")));
    return operation;
  }

  private static Operation socket() {
    Operation operation =
        operation(
            "socket-stock",
            "Live stock of items, on a WebSocket",
            "The same as messages of JSON, with items that come and go by subscribe and"
                + " unsubscribe.");
    operation.addParametersItem(
        parameter("query", "skus", "with a redirectToken: the items that it is for", false));
    operation.addParametersItem(location());
    operation.addParametersItem(token());
    operation.setResponses(
        new ApiResponses()
            .addApiResponse("101", new ApiResponse().description("The socket is open."))
            .addApiResponse("400", problem("invalid-value", "too-many-skus"))
            .addApiResponse("403", problem("origin-not-allowed"))
            .addApiResponse("429", problem("too-many-streams"))
            .addApiResponse("503", problem("node-stopping")));
    return operation;
  }

  private static Operation operation(String id, String summary, String description) {
    Operation operation = new Operation();
    operation.addTagsItem(TAG);
    operation.setOperationId(id);
    operation.setSummary(summary);
    operation.setDescription(description);
    return operation;
  }

  private static Parameter location() {
    Parameter location = parameter("query", "location", "where it lies", false);
    location.getSchema().setDefault("MAIN");
    return location;
  }

  private static Parameter token() {
    return parameter("query", "redirectToken", "what a node that goes down gave", false);
  }

  private static Parameter position(String in, String name, String description) {
    Parameter position = parameter(in, name, description, false);
    position.getSchema().setPattern(POSITION);
    return position;
  }

  private static Parameter parameter(String in, String name, String description, boolean required) {
    Parameter parameter = new Parameter();
    parameter.setIn(in);
    parameter.setName(name);
    parameter.setDescription(description);
    parameter.setRequired(required);
    parameter.setSchema(text(description));
    return parameter;
  }

  private static Schema<?> text(String description) {
    JsonSchema schema = new JsonSchema();
    schema.setTypes(Set.of("string"));
    schema.setDescription(description);
    return schema;
  }

  private static ApiResponse problem(String... slugs) {
    MediaType media = new MediaType();
    Schema<?> schema = new JsonSchema();
    schema.set$ref("#/components/schemas/Problem");
    media.setSchema(schema);
    for (String slug : slugs) {
      media.addExamples(slug, new Example().$ref("#/components/examples/" + slug));
    }
    return new ApiResponse()
        .description(String.join(", ", slugs))
        .content(new Content().addMediaType("application/problem+json", media));
  }
}
