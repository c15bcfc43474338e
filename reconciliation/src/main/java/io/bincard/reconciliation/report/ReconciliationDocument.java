package io.bincard.reconciliation.report;

import io.bincard.reconciliation.books.Rule;
import io.bincard.reconciliation.comparison.Discrepancy.Kind;
import io.bincard.reconciliation.repair.RepairLog;
import io.bincard.reconciliation.repair.RepairLog.Outcome;
import io.bincard.reconciliation.sweep.Run.Part;
import io.bincard.reconciliation.sweep.Run.Phase;
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
import io.swagger.v3.oas.models.parameters.RequestBody;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import io.swagger.v3.oas.models.tags.Tag;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.core.annotation.Order;

/**
 * Says in the application's OpenAPI 3.1 document what the routes of reconciliation take and answer.
 * The schema {@code Problem} and an example of every problem's type are the application's.
 */
@Order(ReconciliationDocument.BEFORE_WHAT_ALL_ROUTES_SHARE)
final class ReconciliationDocument implements GlobalOpenApiCustomizer {

  /** The application adds to every route's operation, so that must be there by then. */
  static final int BEFORE_WHAT_ALL_ROUTES_SHARE = 0;

  private static final String TAG = "Reconciliation";
  private static final String JSON = "application/json";
  private static final String RUNS = "/v1/reconciliation/runs";
  private static final String RUN = "ReconciliationRun";
  private static final String BOOKS = "ReconciledBooks";
  private static final String ENTRY = "RepairLogEntry";

  @Override
  public void customise(OpenAPI api) {
    api.addTagsItem(
        new Tag()
            .name(TAG)
            .description("The views compared with the ledger, and the ledger with itself"));
    api.schema(RUN, run());
    api.schema(BOOKS, books());
    api.schema(ENTRY, entry());
    api.schema("ReconciliationFuse", fuse());
    item(api, RUNS).setPost(begin());
    item(api, RUNS).setGet(list());
    item(api, RUNS + "/{id}").setGet(one());
    item(api, "/v1/reconciliation/discrepancies").setGet(discrepancies());
    item(api, "/v1/reconciliation/fuse").setGet(state());
    item(api, "/v1/reconciliation/fuse").setDelete(reset());
  }

  private static PathItem item(OpenAPI api, String path) {
    PathItem item = api.getPaths().get(path);
    if (item == null) {
      throw new IllegalStateException("no controller is mapped to " + path);
    }
    return item;
  }

  private static Operation begin() {
    Schema<?> body = object("What is asked for.");
    body.addProperty(
        "apply",
        typed(
            "boolean",
            "whether what differs is put right, and frozen what cannot be trusted; a dry run if it is"
                + " not there"));
    Schema<?> part = words("a part of a run", Arrays.stream(Part.values()).map(Part::word));
    Schema<?> parts = arrayOf(part, "what the run does, each once; everything if it is not there");
    parts.setMinItems(1);
    parts.setUniqueItems(true);
    body.addProperty("parts", parts);
    MediaType media = new MediaType();
    media.setSchema(body);
    media.setExample(Map.of("apply", false));
    Operation operation =
        operation(
            "begin-reconciliation",
            "Hold the journal against itself, and compare all views with it",
            "The books: every rule that the journal must keep is checked, and items that it"
                + " contradicts itself about are frozen if the run applies. The rows: every row of"
                + " every view is compared with reconciliation's own fold of the journal, and every"
                + " key and set of the views is looked through for what nobody expects. One run at"
                + " a time over all nodes.");
    operation.setRequestBody(
        new RequestBody().required(true).content(new Content().addMediaType(JSON, media)));
    ApiResponse begun =
        json("It is begun.", ref(RUN))
            .addHeaderObject(
                "Location", new Header().description("the run").schema(typed("string", "a path")));
    operation.setResponses(
        new ApiResponses()
            .addApiResponse("202", begun)
            .addApiResponse("400", problem("malformed-json", "unknown-parameter"))
            .addApiResponse("409", problem("run-under-way", "fuse-blown"))
            .addApiResponse("415", problem("unsupported-media-type"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  private static Operation list() {
    Operation operation =
        operation("list-reconciliation-runs", "The last runs", "The newest first.");
    operation.addParametersItem(limit());
    Schema<?> listed = object("Runs.");
    add(listed, "runs", arrayOf(ref(RUN), "the newest first"));
    operation.setResponses(
        new ApiResponses()
            .addApiResponse("200", json("The runs.", listed))
            .addApiResponse("400", problem("invalid-value", "unknown-parameter"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  private static Operation one() {
    Operation operation =
        operation(
            "get-reconciliation-run",
            "One run: how far it is, or what came of it",
            "For people as a page, with Accept: text/html.");
    Parameter id = new Parameter();
    id.setIn("path");
    id.setName("id");
    id.setRequired(true);
    id.setSchema(uuid("the run"));
    operation.addParametersItem(id);
    MediaType page = new MediaType();
    page.setSchema(typed("string", "a page that fetches nothing"));
    ApiResponse found = json("The run.", ref(RUN));
    found.getContent().addMediaType("text/html", page);
    operation.setResponses(
        new ApiResponses()
            .addApiResponse("200", found)
            .addApiResponse("400", problem("unknown-parameter"))
            .addApiResponse("404", problem("unknown-run"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  private static Operation discrepancies() {
    Operation operation =
        operation(
            "list-discrepancies",
            "What differed, and what was done about it",
            "Entries of the log of repairs, the newest first: a row that differs has one that says"
                + " so, and a repair two, before and after it.");
    operation.addParametersItem(query("run", uuid("the run that they are of; all without it")));
    operation.addParametersItem(
        query("before", integer("the entry to go on after; the newest without it")));
    operation.addParametersItem(limit());
    Schema<?> entries = object("Entries.");
    add(entries, "entries", arrayOf(ref(ENTRY), "the newest first"));
    entries.addProperty("next", integer("the before of the next page; absent on the last one"));
    operation.setResponses(
        new ApiResponses()
            .addApiResponse("200", json("The entries.", entries))
            .addApiResponse("400", problem("invalid-value", "unknown-parameter"))
            .addApiResponse("404", problem("unknown-run"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  private static Operation state() {
    Operation operation =
        operation(
            "get-reconciliation-fuse",
            "Whether repairs are stopped",
            "The fuse blows where too much differs to be mended row by row.");
    operation.setResponses(
        new ApiResponses()
            .addApiResponse("200", json("The fuse.", ref("ReconciliationFuse")))
            .addApiResponse("400", problem("unknown-parameter"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  private static Operation reset() {
    Operation operation =
        operation(
            "reset-reconciliation-fuse",
            "Allow repairs again",
            "Once a person knows why so much differed.");
    operation.setResponses(
        new ApiResponses()
            .addApiResponse("204", new ApiResponse().description("It is whole."))
            .addApiResponse("400", problem("unknown-parameter"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  // What is answered

  private static Schema<?> run() {
    Schema<?> schema = object("A run of reconciliation.");
    add(schema, "id", uuid("its name"));
    add(schema, "askedBy", words("who asked for it", Stream.of("person", "clock", "watch")));
    Schema<?> part = words("a part of a run", Arrays.stream(Part.values()).map(Part::word));
    add(schema, "parts", arrayOf(part, "what it does"));
    add(schema, "apply", typed("boolean", "whether what differs is put right"));
    add(
        schema,
        "phase",
        words("what it is at, or how it ended", Arrays.stream(Phase.values()).map(Phase::word)));
    schema.addProperty(
        "step", typed("string", "what it is at within its phase, of the books: the rule"));
    add(schema, "begunAt", time("by PostgreSQL's clock"));
    schema.addProperty("endedAt", time("absent while it is under way"));
    schema.addProperty("millis", integer("how long it took; absent while it is under way"));
    Schema<?> took = typed("object", "milliseconds that nodes have worked at each phase");
    took.setAdditionalProperties(integer("milliseconds"));
    add(schema, "took", took);
    add(schema, "generation", integer("of the views; 0 while that is not known"));
    add(schema, "asOfPosition", integer("what was expected was as of this position or later"));
    add(schema, "compared", integer("rows that were compared"));
    add(schema, "equal", integer("rows that said what they must"));
    add(schema, "different", integer("rows, and members of sets, that did not"));
    add(schema, "unsettled", integer("rows that could not be compared, for they moved or lagged"));
    schema.addProperty(
        "contradictions",
        integer("that were found in the journal; absent while that is not known"));
    Schema<?> kinds = typed("object", "entries by kind");
    kinds.setAdditionalProperties(integer("entries"));
    Schema<?> entries = typed("object", "entries of the log of repairs by outcome and kind");
    entries.setAdditionalProperties(kinds);
    add(schema, "entries", entries);
    add(schema, "fuseBlown", typed("boolean", "whether this run blew the fuse"));
    add(schema, "attempts", integer("how often a node has begun or gone on with it"));
    schema.addProperty("why", typed("string", "why it failed, or was broken off last"));
    schema.addProperty("books", ref(BOOKS));
    return schema;
  }

  private static Schema<?> books() {
    Schema<?> schema =
        object("The journal held against itself; absent while that is not done, and in lists.");
    add(
        schema,
        "state",
        words(
            "what came of it; incomplete if a rule could not be checked and none is broken",
            Stream.of(ToldBooks.HELD, ToldBooks.BROKEN, ToldBooks.INCOMPLETE)));
    add(schema, "at", time("when it was begun"));
    add(schema, "firstPosition", integer("what lies before it is in the archive"));
    add(schema, "headPosition", integer("the last one when it was begun"));
    add(schema, "receipts", integer("how many there were; 0 if they could not be counted in time"));
    Schema<?> day = object("A day.");
    add(day, "day", formatted("string", "date", "in UTC"));
    add(day, "events", integer("of that day"));
    add(
        schema,
        "days",
        arrayOf(day, "the oldest first; none if they could not be counted in time"));
    Schema<?> rule = object("What came of a rule.");
    add(rule, "rule", ruleWord());
    add(
        rule,
        "state",
        words(
            "unchecked if that took too long, or came to what cannot be read",
            Stream.of(ToldBooks.HELD, ToldBooks.BROKEN, ToldBooks.UNCHECKED)));
    add(rule, "contradictions", integer("how many there are"));
    add(rule, "millis", integer("how long it took"));
    rule.addProperty("why", typed("string", "why it was not checked"));
    add(schema, "rules", arrayOf(rule, "all of them"));
    add(schema, "contradictions", arrayOf(contradiction(), "of each rule the first ones"));
    Schema<?> order = object("An order whose lines do not match.");
    order.addProperty("orderId", typed("string", "absent where nothing names it"));
    add(order, "hold", typed("string", "its hold"));
    add(order, "lines", arrayOf(typed("string", "an item and what is wrong"), "those that do not"));
    add(schema, "orders", arrayOf(order, "of the contradictions that are told, by hold"));
    return schema;
  }

  private static Schema<?> contradiction() {
    Schema<?> schema = object("That the journal says two things.");
    add(schema, "rule", ruleWord());
    add(schema, "place", typed("string", "where"));
    add(schema, "words", typed("string", "what is there and what it contradicts"));
    schema.addProperty("stream", typed("string", "that it is about"));
    schema.addProperty("item", typed("string", "that it is about, {sku}@{location}"));
    schema.addProperty("orderId", typed("string", "that it is about"));
    schema.addProperty("hold", typed("string", "that it is about"));
    schema.addProperty(
        "outcome",
        words(
            "what was done about the item; absent if nothing was, as in a dry run",
            Stream.of(Outcome.FROZEN.word(), Outcome.LEFT.word())));
    return schema;
  }

  private static Schema<?> ruleWord() {
    return words("the rule", Arrays.stream(Rule.values()).map(Rule::word));
  }

  private static Schema<?> entry() {
    Schema<?> schema = object("An entry of the log of repairs, which is never changed.");
    add(schema, "id", integer("its number"));
    add(schema, "run", uuid("the run that it is of"));
    add(schema, "key", typed("string", "the row"));
    add(
        schema,
        "kind",
        words(
            "what is wrong with it; contradiction: the journal, about the row's item",
            Stream.concat(
                Arrays.stream(Kind.values()).map(Kind::word), Stream.of(RepairLog.CONTRADICTION))));
    schema.addProperty("before", typed("object", "the row as it was found; absent for none"));
    schema.addProperty("after", typed("object", "the row as it must be; absent for none"));
    add(
        schema,
        "position",
        integer("of the views at that moment; of the ledger, of a contradiction"));
    add(schema, "epoch", typed("string", "of the views"));
    schema.addProperty("cause", typed("string", "as far as it is known"));
    add(
        schema,
        "outcome",
        words("what was done", Arrays.stream(Outcome.values()).map(Outcome::word)));
    add(schema, "at", time("by PostgreSQL's clock"));
    return schema;
  }

  private static Schema<?> fuse() {
    Schema<?> state = object("Why it is blown.");
    add(state, "run", uuid("the run that blew it"));
    add(state, "compared", integer("rows of that run"));
    add(state, "differed", integer("how many of them differed, as far as was known"));
    add(state, "blownAt", time("by PostgreSQL's clock"));
    Schema<?> schema = object("The fuse.");
    add(schema, "blown", typed("boolean", "whether repairs are stopped"));
    schema.addProperty("state", state);
    return schema;
  }

  // Parts

  private static Operation operation(String id, String summary, String description) {
    Operation operation = new Operation();
    operation.addTagsItem(TAG);
    operation.setOperationId(id);
    operation.setSummary(summary);
    operation.setDescription(description);
    return operation;
  }

  private static Parameter limit() {
    Schema<?> schema = integer("entries at most, 1 to 1,000");
    Parameter parameter = query("limit", schema);
    parameter.setExample(100);
    return parameter;
  }

  private static Parameter query(String name, Schema<?> schema) {
    Parameter parameter = new Parameter();
    parameter.setIn("query");
    parameter.setName(name);
    parameter.setDescription(schema.getDescription());
    parameter.setRequired(false);
    parameter.setSchema(schema);
    return parameter;
  }

  private static ApiResponse json(String description, Schema<?> schema) {
    MediaType media = new MediaType();
    media.setSchema(schema);
    return new ApiResponse()
        .description(description)
        .content(new Content().addMediaType(JSON, media));
  }

  private static ApiResponse problem(String... slugs) {
    MediaType media = new MediaType();
    media.setSchema(ref("Problem"));
    for (String slug : slugs) {
      media.addExamples(slug, new Example().$ref("#/components/examples/" + slug));
    }
    return new ApiResponse()
        .description(String.join(", ", slugs))
        .content(new Content().addMediaType("application/problem+json", media));
  }

  private static Schema<?> object(String description) {
    Schema<?> schema = typed("object", description);
    schema.setAdditionalProperties(false);
    return schema;
  }

  private static void add(Schema<?> object, String name, Schema<?> member) {
    object.addProperty(name, member);
    object.addRequiredItem(name);
  }

  private static Schema<?> arrayOf(Schema<?> items, String description) {
    Schema<?> schema = typed("array", description);
    schema.setItems(items);
    return schema;
  }

  private static Schema<?> words(String description, Stream<String> words) {
    JsonSchema schema = typed("string", description);
    words.forEach(schema::addEnumItemObject);
    return schema;
  }

  private static Schema<?> uuid(String description) {
    return formatted("string", "uuid", description);
  }

  private static Schema<?> time(String description) {
    return formatted("string", "date-time", description);
  }

  private static Schema<?> integer(String description) {
    return formatted("integer", "int64", description);
  }

  private static Schema<?> formatted(String type, String format, String description) {
    Schema<?> schema = typed(type, description);
    schema.setFormat(format);
    return schema;
  }

  private static JsonSchema typed(String type, @Nullable String description) {
    JsonSchema schema = new JsonSchema();
    schema.setTypes(Set.of(type));
    schema.setDescription(description);
    return schema;
  }

  private static Schema<?> ref(String name) {
    Schema<?> schema = new JsonSchema();
    schema.set$ref("#/components/schemas/" + name);
    return schema;
  }
}
