package io.bincard.projections.storefront;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.tags.Tag;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.core.annotation.Order;

/**
 * Says in the application's OpenAPI 3.1 document what the storefront's questions take and answer.
 * The schema {@code Problem} and an example of every problem's type are the application's.
 */
@Order(StorefrontDocument.BEFORE_WHAT_ALL_ROUTES_SHARE)
final class StorefrontDocument implements GlobalOpenApiCustomizer {

  /** The application adds to every route's operation, so that must be there by then. */
  static final int BEFORE_WHAT_ALL_ROUTES_SHARE = 0;

  private static final String TAG = "Storefront";
  private static final String JSON = "application/json";
  private static final String PROBLEM_JSON = "application/problem+json";
  private static final String CODE = "[A-Za-z0-9]([A-Za-z0-9 ._+:#-]{0,62}[A-Za-z0-9])?";

  private final int maxSkus;
  private final Duration patience;

  StorefrontDocument(int maxSkus, Duration patience) {
    this.maxSkus = maxSkus;
    this.patience = patience;
  }

  @Override
  public void customise(OpenAPI api) {
    api.addTagsItem(new Tag().name(TAG).description("What can be sold"));
    api.schema("Availability", availability());
    api.schema("Listing", listing());
    put(api, "/v1/stock/{sku}", one());
    put(api, "/v1/stock", many());
  }

  static void put(OpenAPI api, String path, Operation question) {
    PathItem item = api.getPaths().get(path);
    if (item == null) {
      throw new IllegalStateException("no controller is mapped to GET " + path);
    }
    item.setGet(question);
  }

  private Operation one() {
    Operation operation =
        operation(
            "get-availability",
            "What can be sold of one item",
            "Answered from a view, and from the ledger wherever a view cannot answer; source tells"
                + " which.");
    operation.addParametersItem(parameter("path", "sku", code("what is sold"), true, "TEAPOT-1"));
    operation.addParametersItem(location());
    JsonSchema position = text("Up to 18 digits");
    position.setPattern("^[0-9]{1,18}$");
    position.setDefault("0");
    operation.addParametersItem(
        parameter("query", "minPosition", position, false, null)
            .description(
                "The position that the answer must not be older than, such as that of one's own"
                    + " command. A read waits for it for at most "
                    + patience.toMillis()
                    + " ms, then asks the ledger, and else says that it is stale."));
    ApiResponse found =
        json("The item.", "Availability", example())
            .addHeaderObject(
                "ETag",
                new Header()
                    .description(
                        "The item's version; missing for the moments between the lapse of a"
                            + " promise and the event that says so.")
                    .schema(text("quoted version")));
    operation.setResponses(
        answers(found)
            .addApiResponse("400", problem("invalid-value"))
            .addApiResponse("404", problem("unknown-stock-item"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  private Operation many() {
    Operation operation =
        operation(
            "list-availability",
            "What can be sold of many items",
            "At most " + maxSkus + " different SKUs at one location, in the order asked for.");
    JsonSchema skus = text("SKUs with commas between them");
    skus.setPattern("^" + CODE + "(," + CODE + ")*$");
    operation.addParametersItem(parameter("query", "skus", skus, true, "TEAPOT-1,TEAPOT-2"));
    operation.addParametersItem(location());
    operation.setResponses(
        answers(
                json(
                    "The items that are known, and the SKUs of those that are not.",
                    "Listing",
                    Map.of("items", List.of(example()), "unknown", List.of("TEAPOT-2"))))
            .addApiResponse("400", problem("invalid-value", "too-many-skus", "missing-parameter"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  static Operation operation(String id, String summary, String description) {
    Operation operation = new Operation();
    operation.addTagsItem(TAG);
    operation.setOperationId(id);
    operation.setSummary(summary);
    operation.setDescription(description);
    return operation;
  }

  static ApiResponses answers(ApiResponse ok) {
    return new ApiResponses().addApiResponse("200", ok);
  }

  static ApiResponse json(String description, String schema, Object example) {
    MediaType media = new MediaType();
    media.setSchema(ref(schema));
    media.setExample(example);
    return new ApiResponse()
        .description(description)
        .content(new Content().addMediaType(JSON, media));
  }

  static ApiResponse problem(String... slugs) {
    MediaType media = new MediaType();
    media.setSchema(ref("Problem"));
    for (String slug : slugs) {
      media.addExamples(slug, new Example().$ref("#/components/examples/" + slug));
    }
    return new ApiResponse()
        .description(String.join(", ", slugs))
        .content(new Content().addMediaType(PROBLEM_JSON, media));
  }

  // What is answered

  private static Schema<?> availability() {
    Schema<?> schema = object("What can be sold of an item, in units, and how far to trust that.");
    add(schema, "sku", code("what is sold"));
    add(schema, "location", code("where it lies"));
    add(schema, "onHand", integer("units that are there; below 0 what is owed to backorders"));
    add(
        schema,
        "reserved",
        integer("units that are promised to holds; not those of a hold whose time is over"));
    add(
        schema,
        "available",
        integer(
            "on hand, less reserved, less safety stock, at the moment of the answer: what a hold"
                + " kept is on offer again from its expiry on, to the millisecond; negative with"
                + " backorders"));
    add(schema, "version", integer("sequence of the item's last event that is in the answer"));
    add(
        schema,
        "asOfPosition",
        integer("a journal position up to which no event of the item is missing"));
    add(
        schema,
        "ageMillis",
        integer("for how long at most the answer may have been out of date; 0 if it is not"));
    JsonSchema verifiedAt =
        text(
            "when the view's row was last compared with the ledger and found equal; absent while it"
                + " has not been since it changed, and from the ledger's own answers");
    verifiedAt.setFormat("date-time");
    schema.addProperty("verifiedAt", verifiedAt);
    add(schema, "frozen", truth("whether changes of the item are stopped"));
    JsonSchema source = text("who answered");
    for (Source each : Source.values()) {
      source.addEnumItemObject(each.word());
    }
    add(schema, "source", source);
    add(schema, "stale", truth("whether the answer is older than the position asked for"));
    return schema;
  }

  private static Schema<?> listing() {
    Schema<?> schema = object("Many items at once.");
    add(schema, "items", arrayOf(ref("Availability"), "the items that are known"));
    add(schema, "unknown", arrayOf(code("what is sold"), "the SKUs that the ledger has not"));
    return schema;
  }

  static Availability example() {
    return new Availability(
        "TEAPOT-1",
        "MAIN",
        19,
        0,
        17,
        8,
        9,
        0,
        Instant.parse("2026-12-01T12:00:00.250Z"),
        false,
        Source.VIEW,
        false,
        0);
  }

  // Parts

  static Parameter location() {
    JsonSchema schema = code("where it lies");
    schema.setDefault("MAIN");
    return parameter("query", "location", schema, false, null);
  }

  static Parameter parameter(
      String in, String name, Schema<?> schema, boolean required, @Nullable Object example) {
    Parameter parameter = new Parameter();
    parameter.setIn(in);
    parameter.setName(name);
    parameter.setDescription(schema.getDescription());
    parameter.setRequired(required);
    parameter.setSchema(schema);
    if (example != null) {
      parameter.setExample(example);
    }
    return parameter;
  }

  static Schema<?> object(String description) {
    Schema<?> schema = typed("object", description);
    schema.setAdditionalProperties(false);
    return schema;
  }

  static void add(Schema<?> object, String name, Schema<?> member) {
    object.addProperty(name, member);
    object.addRequiredItem(name);
  }

  static Schema<?> arrayOf(Schema<?> items, String description) {
    Schema<?> schema = typed("array", description);
    schema.setItems(items);
    return schema;
  }

  static JsonSchema code(String description) {
    JsonSchema schema = text(description);
    schema.setPattern("^" + CODE + "$");
    return schema;
  }

  static JsonSchema text(String description) {
    return typed("string", description);
  }

  static Schema<?> truth(String description) {
    return typed("boolean", description);
  }

  static Schema<?> integer(String description) {
    Schema<?> schema = typed("integer", description);
    schema.setFormat("int64");
    return schema;
  }

  static JsonSchema typed(String type, String description) {
    JsonSchema schema = new JsonSchema();
    schema.setTypes(Set.of(type));
    schema.setDescription(description);
    return schema;
  }

  static Schema<?> ref(String name) {
    Schema<?> schema = new JsonSchema();
    schema.set$ref("#/components/schemas/" + name);
    return schema;
  }
}
