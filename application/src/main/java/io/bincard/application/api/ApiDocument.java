package io.bincard.application.api;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.bincard.application.discount.PolicyHistory;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.writer.OnError;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.PathItem;
import io.swagger.v3.oas.models.Paths;
import io.swagger.v3.oas.models.examples.Example;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.info.License;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.servers.Server;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.http.HttpHeaders;

/**
 * Fills in the OpenAPI 3.1 document what cannot be read off controllers that take raw bodies: from
 * {@link CommandRoute} and {@link CommandForm} what every route takes, and from {@link ProblemType}
 * what it can refuse.
 */
final class ApiDocument implements GlobalOpenApiCustomizer {

  private static final String STOCK_COMMANDS = "Stock commands";
  private static final String DISCOUNTS = "Discounts";
  private static final String HOLDS = "Holds";
  private static final String CATALOG = "Catalog";
  private static final String BATCHES = "Batches";
  private static final String RECEIPTS = "Receipts";

  private static final String RECEIPT_PATH = "/v1/commands/{key}";
  private static final String BATCH_PATH = "/v1/commands";

  private static final List<ProblemType> ANY_COMMAND =
      List.of(
          ProblemType.IDEMPOTENCY_KEY_MISSING,
          ProblemType.IDEMPOTENCY_KEY_MALFORMED,
          ProblemType.IF_MATCH_MALFORMED,
          ProblemType.UNKNOWN_RELEASE_STAGE,
          ProblemType.REPEATED_HEADER,
          ProblemType.UNKNOWN_PARAMETER,
          ProblemType.REPEATED_PARAMETER,
          ProblemType.INVALID_COMMAND,
          ProblemType.REQUEST_IN_PROGRESS,
          ProblemType.IDEMPOTENCY_KEY_REUSED,
          ProblemType.IDEMPOTENCY_KEY_EXPIRED,
          ProblemType.IDEMPOTENCY_KEY_AHEAD,
          ProblemType.LEDGER_BUSY,
          ProblemType.LEDGER_UNAVAILABLE,
          ProblemType.OUTCOME_UNKNOWN);

  private static final List<ProblemType> ANY_BODY =
      List.of(
          ProblemType.MALFORMED_JSON,
          ProblemType.INCOMPLETE_BODY,
          ProblemType.BODY_TOO_LARGE,
          ProblemType.UNSUPPORTED_MEDIA_TYPE);

  private static final List<ProblemType> ANY_BATCH =
      List.of(
          ProblemType.INVALID_ON_ERROR,
          ProblemType.UNKNOWN_RELEASE_STAGE,
          ProblemType.REPEATED_HEADER,
          ProblemType.UNKNOWN_PARAMETER,
          ProblemType.REPEATED_PARAMETER,
          ProblemType.TOO_MANY_LINES,
          ProblemType.INCOMPLETE_BODY,
          ProblemType.MALFORMED_GZIP,
          ProblemType.INFLATES_TOO_MUCH,
          ProblemType.UNSUPPORTED_CONTENT_ENCODING,
          ProblemType.UNSUPPORTED_MEDIA_TYPE);

  private static final List<ProblemType> ANY_ROUTE =
      List.of(
          ProblemType.NOT_FOUND,
          ProblemType.METHOD_NOT_ALLOWED,
          ProblemType.NOT_ACCEPTABLE,
          ProblemType.MALFORMED_PATH,
          ProblemType.MALFORMED_PARAMETERS,
          ProblemType.BAD_REQUEST,
          ProblemType.NOT_IMPLEMENTED,
          ProblemType.HTTP_VERSION_NOT_SUPPORTED,
          ProblemType.INTERNAL_ERROR);

  private final ApiProperties limits;
  private final ApiExamples examples = new ApiExamples();

  ApiDocument(ApiProperties limits) {
    this.limits = limits;
  }

  /** The document before any route is in it. */
  static OpenAPI frame(String version) {
    return new OpenAPI()
        .info(
            new Info()
                .title("Bincard")
                .version(version)
                .license(new License().name("Apache-2.0").identifier("Apache-2.0"))
                .description(
                    """
                    An event-sourced ledger of stock and discounts: every receipt and issue, in order, never rubbed out.

                    Every example here can be run as it is. Start with *Register a stock item* and go \
                    down; a hold's id is given by the ledger, so put in the one that you were told. Each example has an `Idempotency-Key` of its own: run it twice, and the second \
                    answer is the first one again, with `Idempotency-Replayed: true`. For another body \
                    take another key.

                    A 2xx means that the events and the answer are in one committed, flushed \
                    transaction. A 5xx or a broken connection means *unknown*: send the same request \
                    with the same key again.

                    What you sell can be watched at [stock.html](/stock.html?skus=TEAPOT-1).
                    """))
        .servers(List.of(new Server().url("/").description("this server")))
        .security(List.of())
        .tags(
            List.of(
                new Tag()
                    .name(STOCK_COMMANDS)
                    .description("What order services and warehouses send, one at a time"),
                new Tag()
                    .name(DISCOUNTS)
                    .description("Prices of orders, and the policies that make them"),
                new Tag()
                    .name(HOLDS)
                    .description("Whole orders: promised for a time, or taken at once"),
                new Tag().name(CATALOG).description("What SKUs are called"),
                new Tag().name(BATCHES).description("Many commands in one request"),
                new Tag().name(RECEIPTS).description("What a key was told")));
  }

  @Override
  public void customise(OpenAPI api) {
    Components components = api.getComponents() == null ? new Components() : api.getComponents();
    api.setComponents(components);
    addParts(components);
    for (CommandRoute route : CommandRoute.values()) {
      put(api, PathItem.HttpMethod.valueOf(route.method().name()), route.path(), command(route));
    }
    put(api, PathItem.HttpMethod.POST, BATCH_PATH, batch());
    put(api, PathItem.HttpMethod.GET, RECEIPT_PATH, receipt());
    putQuestions(api);
    api.getPaths().values().stream()
        .flatMap(path -> path.readOperations().stream())
        .forEach(ApiDocument::addWhatEveryRouteHas);
    sort(api);
  }

  private static void put(
      OpenAPI api, PathItem.HttpMethod method, String path, Operation operation) {
    PathItem item = api.getPaths().get(path);
    if (item == null || !item.readOperationsMap().containsKey(method)) {
      throw new IllegalStateException("no controller is mapped to " + method + " " + path);
    }
    item.operation(method, operation);
  }

  /** In the order of the story that the examples tell; routes of other modules behind. */
  private static void sort(OpenAPI api) {
    List<String> order =
        Stream.concat(
                Arrays.stream(CommandRoute.values()).map(CommandRoute::path),
                Stream.of(BATCH_PATH, RECEIPT_PATH))
            .distinct()
            .toList();
    Paths sorted = new Paths();
    order.forEach(path -> sorted.addPathItem(path, api.getPaths().get(path)));
    new TreeMap<>(api.getPaths())
        .forEach(
            (path, item) -> {
              if (!sorted.containsKey(path)) {
                sorted.addPathItem(path, item);
              }
            });
    api.setPaths(sorted);
  }

  // Routes

  private Operation command(CommandRoute route) {
    Operation operation =
        operation(tag(route), route.form().type(), route.summary(), route.description());
    Field<?> inPath = route.inPath();
    if (inPath != null) {
      operation.addParametersItem(
          parameter("path", inPath.name(), ApiSchemas.of(inPath), true, route.exampleInPath()));
    }
    operation.addParametersItem(
        parameter(
            "header", RequestHeaders.IDEMPOTENCY_KEY, ApiSchemas.key(), true, route.exampleKey()));
    if (route.form().takesVersion()) {
      operation.addParametersItem(part("IfMatch"));
    }
    operation.addParametersItem(part("ReleaseStage"));
    if (route.hasBody()) {
      MediaType json = new MediaType();
      json.setSchema(ApiSchemas.ref(ApiSchemas.bodyName(route)));
      json.setExample(route.example());
      operation.setRequestBody(
          new RequestBody()
              .required(true)
              .description("At most " + limits.maxBodyOf(route.form()) + " bytes.")
              .content(new Content().addMediaType(APPLICATION_JSON_VALUE, json)));
    } else {
      for (Field<?> field : ApiSchemas.membersOf(route)) {
        operation.addParametersItem(
            parameter(
                "query",
                field.name(),
                ApiSchemas.of(field),
                field.required(),
                route.example().get(field.name())));
      }
    }
    ApiResponses answers = new ApiResponses();
    answers.addApiResponse(
        Integer.toString(route.status()),
        json("Done.", ApiSchemas.ref(ApiSchemas.outcomeName(route)), examples.outcome(route))
            .addHeaderObject(RequestHeaders.IDEMPOTENCY_REPLAYED, header("IdempotencyReplayed")));
    List<ProblemType> problems = new ArrayList<>(route.rejections());
    problems.addAll(ANY_COMMAND);
    if (!route.form().takesVersion()) {
      problems.add(ProblemType.NOTHING_TO_MATCH);
    }
    if (route.hasBody()) {
      problems.addAll(ANY_BODY);
    }
    operation.setResponses(withProblems(answers, problems));
    return operation;
  }

  private static String tag(CommandRoute route) {
    return switch (route.subject()) {
      case STOCK_ITEM -> STOCK_COMMANDS;
      case PRICE, POLICY -> DISCOUNTS;
      case HOLD, ORDER -> HOLDS;
      case SKU -> CATALOG;
    };
  }

  private Operation batch() {
    Operation operation =
        operation(
            BATCHES,
            "run-commands",
            "Run many commands",
            """
            One command a line (CommandLine), one answer a line (AnswerLine), in order; any number of \
            lines, streamed in and out. A line is a route's body with `key`, `type` and `sku` in it. \
            With `continue` each line stands alone; with `stop` nothing runs behind the first that \
            fails; with `atomic` all are done or none, at most %d lines. A line has at most %d bytes. \
            The body may be packed with gzip.
            """
                .formatted(limits.maxAtomicLines(), limits.maxLine().toBytes()));
    Schema<?> policies = ApiSchemas.text("What happens when a line fails");
    JsonSchema onError = (JsonSchema) policies;
    Arrays.stream(OnError.values())
        .forEach(policy -> onError.addEnumItemObject(policy.name().toLowerCase(Locale.ROOT)));
    onError.setDefault("continue");
    operation.addParametersItem(parameter("query", "onError", onError, false, null));
    JsonSchema encodings = (JsonSchema) ApiSchemas.text("How the body is packed");
    encodings.addEnumItemObject("gzip");
    encodings.addEnumItemObject("identity");
    operation.addParametersItem(
        parameter("header", HttpHeaders.CONTENT_ENCODING, encodings, false, null));
    operation.addParametersItem(part("ReleaseStage"));
    operation.setRequestBody(
        new RequestBody()
            .required(true)
            .content(
                new Content()
                    .addMediaType(
                        CommandBatchController.NDJSON,
                        lines("CommandLine", examples.commandLines()))));
    MediaType told = lines("AnswerLine", examples.answerLines());
    told.addExamples(
        "invalid", new Example().summary("A line is no command").value(examples.invalidLine()));
    ApiResponses answers = new ApiResponses();
    answers.addApiResponse(
        "200",
        new ApiResponse()
            .description("One answer a line; lines that were refused are among them.")
            .content(new Content().addMediaType(CommandBatchController.NDJSON, told)));
    operation.setResponses(withProblems(answers, ANY_BATCH));
    return operation;
  }

  /** Newline-delimited JSON has no schema in OpenAPI 3.1, so what each line is stands beside. */
  private static MediaType lines(String line, String example) {
    Schema<?> text = ApiSchemas.text("JSON objects, one a line, each a " + line);
    text.addExtension("x-itemSchema", Map.of("$ref", ApiSchemas.ref(line).get$ref()));
    MediaType media = new MediaType();
    media.setSchema(text);
    media.addExamples("lines", new Example().summary("One of three is refused").value(example));
    return media;
  }

  private Operation receipt() {
    Operation operation =
        operation(
            RECEIPTS,
            "find-outcome",
            "What a key was told",
            "The stored outcome of a command, done or refused, word for word.");
    operation.addParametersItem(
        parameter("path", "key", ApiSchemas.key(), true, CommandRoute.DEDUCT.exampleKey()));
    ApiResponses answers = new ApiResponses();
    answers.addApiResponse(
        "200", json("It was answered.", ApiSchemas.told(), examples.outcome(CommandRoute.DEDUCT)));
    answers.addApiResponse(
        "202",
        json(
            "It is under way on this node.",
            ApiSchemas.ref("RunningCommand"),
            Map.of("key", CommandRoute.DEDUCT.exampleKey(), "status", "running")));
    operation.setResponses(
        withProblems(
            answers,
            List.of(
                ProblemType.UNKNOWN_COMMAND,
                ProblemType.IDEMPOTENCY_KEY_EXPIRED,
                ProblemType.IDEMPOTENCY_KEY_MALFORMED,
                ProblemType.LEDGER_UNAVAILABLE)));
    return operation;
  }

  // Questions about prices, policies and holds

  private void putQuestions(OpenAPI api) {
    put(api, PathItem.HttpMethod.POST, "/v1/quotes", quote());
    put(
        api,
        PathItem.HttpMethod.GET,
        "/v1/discounts/{orderId}",
        question(
            "find-discount",
            "What an order was told to cost",
            "With every reason, as long as the order is not taken back.",
            ApiSchemas.ref("AppliedDiscount"),
            examples.applied(),
            List.of(ProblemType.DISCOUNT_NOT_APPLIED, ProblemType.INVALID_VALUE),
            parameter(
                "path",
                Field.ORDER_ID.name(),
                ApiSchemas.of(Field.ORDER_ID),
                true,
                CommandRoute.EXAMPLE_ORDER)));
    put(api, PathItem.HttpMethod.GET, "/v1/holds/{hold}", hold());
    put(
        api,
        PathItem.HttpMethod.GET,
        "/v1/policies",
        question(
            "list-policies",
            "Which policy prices, and how it came to that",
            "The last " + PolicyHistory.MAX_TOLD + " things that happened, refusals among them.",
            ApiSchemas.ref("Policies"),
            examples.policies(),
            List.of()));
    put(
        api,
        PathItem.HttpMethod.GET,
        "/v1/policies/{fingerprint}",
        question(
            "find-policy",
            "What a version of the policy says",
            "Its canonical form, to the byte: its SHA-256 is its fingerprint.",
            ApiSchemas.ref("PolicyContent"),
            ApiPolicy.json(),
            List.of(ProblemType.UNKNOWN_POLICY, ProblemType.INVALID_VALUE),
            fingerprint("fingerprint")));
    put(
        api,
        PathItem.HttpMethod.GET,
        "/v1/policies/{before}/diff/{after}",
        question(
            "compare-policies",
            "What one version has otherwise than another",
            "Entries by their id, settings by their name.",
            ApiSchemas.ref("PolicyDifference"),
            Map.of("changes", List.of()),
            List.of(ProblemType.UNKNOWN_POLICY, ProblemType.INVALID_VALUE),
            fingerprint("before"),
            fingerprint("after")));
  }

  private static Parameter fingerprint(String name) {
    return parameter("path", name, ApiSchemas.of(Field.FINGERPRINT), true, ApiPolicy.FINGERPRINT);
  }

  private static Operation question(
      String id,
      String summary,
      String description,
      Schema<?> schema,
      Object example,
      List<ProblemType> problems,
      Parameter... parameters) {
    Operation operation = operation(DISCOUNTS, id, summary, description);
    for (Parameter each : parameters) {
      operation.addParametersItem(each);
    }
    List<ProblemType> all = new ArrayList<>(problems);
    all.add(ProblemType.UNKNOWN_PARAMETER);
    all.add(ProblemType.LEDGER_UNAVAILABLE);
    ApiResponses answers = new ApiResponses();
    answers.addApiResponse("200", json("It is so.", schema, example));
    operation.setResponses(withProblems(answers, all));
    return operation;
  }

  private Operation hold() {
    Operation operation =
        question(
            "find-hold",
            "What became of a hold",
            "As it is now: one whose time is over is expired, whether or not that is written down.",
            ApiSchemas.ref("FoundHold"),
            examples.hold(),
            List.of(ProblemType.UNKNOWN_HOLD, ProblemType.INVALID_VALUE),
            parameter(
                "path",
                Field.HOLD.name(),
                ApiSchemas.of(Field.HOLD),
                true,
                CommandRoute.EXAMPLE_HOLD));
    operation.setTags(List.of(HOLDS));
    Objects.requireNonNull(operation.getResponses().get("200"))
        .addHeaderObject(
            HttpHeaders.ETAG,
            new Header()
                .description(
                    "The hold's version; missing for the moments between the end of its time and"
                        + " the event that says so.")
                .schema(ApiSchemas.text("quoted version")));
    return operation;
  }

  private Operation quote() {
    List<ProblemType> problems = new ArrayList<>(ANY_BODY);
    problems.add(ProblemType.INVALID_COMMAND);
    problems.add(ProblemType.UNKNOWN_RELEASE_STAGE);
    problems.add(ProblemType.REPEATED_HEADER);
    problems.add(ProblemType.NO_POLICY_IN_FORCE);
    problems.add(ProblemType.CURRENCY_NOT_SOLD);
    problems.add(ProblemType.TOO_MANY_RULES);
    Operation operation =
        question(
            "quote",
            "What a cart would cost",
            "Nothing is taken. Campaigns that cannot pay are left out, coupons that do not apply are"
                + " named. At another instant than now the version of then prices, and campaigns pay"
                + " whatever they are asked.",
            ApiSchemas.ref("PricedOrder"),
            examples.quote(),
            problems);
    operation.addParametersItem(part("ReleaseStage"));
    MediaType json = new MediaType();
    json.setSchema(ApiSchemas.ref("Quote"));
    json.setExample(ApiExamples.CART);
    operation.setRequestBody(
        new RequestBody()
            .required(true)
            .description("At most " + limits.maxCart().toBytes() + " bytes.")
            .content(new Content().addMediaType(APPLICATION_JSON_VALUE, json)));
    return operation;
  }

  private static Operation operation(String tag, String id, String summary, String description) {
    Operation operation = new Operation();
    operation.addTagsItem(tag);
    operation.setOperationId(id);
    operation.setSummary(summary);
    operation.setDescription(description);
    return operation;
  }

  // Answers

  private static ApiResponse json(String description, Schema<?> schema, Object example) {
    MediaType json = new MediaType();
    json.setSchema(schema);
    json.setExample(example);
    return new ApiResponse()
        .description(description)
        .content(new Content().addMediaType(APPLICATION_JSON_VALUE, json));
  }

  private static ApiResponses withProblems(ApiResponses answers, List<ProblemType> problems) {
    Map<Integer, List<ProblemType>> byStatus = new TreeMap<>();
    problems.forEach(
        type -> byStatus.computeIfAbsent(type.status(), _ -> new ArrayList<>()).add(type));
    byStatus.forEach(
        (status, types) -> answers.addApiResponse(status.toString(), refusal(status, types)));
    return answers;
  }

  private static ApiResponse refusal(int status, List<ProblemType> types) {
    ApiResponse answer =
        problems(String.join(", ", types.stream().map(ProblemType::slug).toList()), types);
    if (types.stream().anyMatch(type -> type.kept() == ProblemType.Kept.FOR_EVER)) {
      answer.addHeaderObject(RequestHeaders.IDEMPOTENCY_REPLAYED, header("IdempotencyReplayed"));
    }
    if (status == 503) {
      answer.addHeaderObject(HttpHeaders.RETRY_AFTER, header("RetryAfter"));
    }
    return answer;
  }

  private static ApiResponse problems(String description, List<ProblemType> types) {
    MediaType problem = new MediaType();
    problem.setSchema(ApiSchemas.ref("Problem"));
    types.forEach(
        type ->
            problem.addExamples(
                type.slug(), new Example().$ref("#/components/examples/" + type.slug())));
    return new ApiResponse()
        .description(description)
        .content(new Content().addMediaType(Problem.MEDIA_TYPE, problem));
  }

  // What routes share

  private void addParts(Components components) {
    ApiSchemas.all().forEach(components::addSchemas);
    Map<String, Example> problems = examples.problems();
    problems.remove(ProblemType.LINE_TOO_LONG.slug()); // never an answer of its own
    problems.forEach(components::addExamples);

    JsonSchema version = (JsonSchema) ApiSchemas.text("One quoted version, or *");
    version.setPattern("^(\\*|\"(0|[1-9][0-9]{0,17})\")$");
    components.addParameters(
        "IfMatch",
        parameter("header", RequestHeaders.IF_MATCH, version, false, null)
            .description(
                "The version that what the command is about must have, in quotes; else it is refused"
                    + " as stale, and nothing is done."));
    JsonSchema stage = (JsonSchema) ApiSchemas.text("The release stage that the sender asks for");
    stage.addEnumItemObject("stable");
    stage.addEnumItemObject("canary");
    components.addParameters(
        "ReleaseStage", parameter("header", RequestHeaders.RELEASE_STAGE, stage, false, null));
    components.addParameters(
        "TraceParent",
        parameter("header", RequestHeaders.TRACE_PARENT, traceContext(), false, null)
            .description("The trace that the request belongs to; without one a new trace begins."));

    components.addHeaders(
        "TraceParent",
        new Header().description("The span that the request ran in.").schema(traceContext()));
    JsonSchema replayed = (JsonSchema) ApiSchemas.text("true, or the header is absent");
    replayed.addEnumItemObject("true");
    components.addHeaders(
        "IdempotencyReplayed",
        new Header()
            .description("The key was answered before, and this is that answer.")
            .schema(replayed));
    components.addHeaders(
        "RetryAfter",
        new Header()
            .description("Seconds to wait before the same request is sent again.")
            .schema(ApiSchemas.integer("seconds")));
    components.addResponses(
        "OtherProblem", problems("A request that fits no route, or a fault.", ANY_ROUTE));
  }

  private static Schema<?> traceContext() {
    Schema<?> schema = ApiSchemas.text("W3C Trace Context 1");
    schema.setPattern("^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}");
    return schema;
  }

  private static void addWhatEveryRouteHas(Operation operation) {
    operation.addParametersItem(part("TraceParent"));
    if (!operation.getResponses().containsKey(ApiResponses.DEFAULT)) {
      operation
          .getResponses()
          .addApiResponse(
              ApiResponses.DEFAULT, new ApiResponse().$ref("#/components/responses/OtherProblem"));
    }
    operation.getResponses().values().stream()
        .filter(answer -> answer.get$ref() == null)
        .forEach(
            answer -> answer.addHeaderObject(RequestHeaders.TRACE_PARENT, header("TraceParent")));
  }

  private static Parameter parameter(
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

  private static Parameter part(String name) {
    return new Parameter().$ref("#/components/parameters/" + name);
  }

  private static Header header(String name) {
    return new Header().$ref("#/components/headers/" + name);
  }
}
