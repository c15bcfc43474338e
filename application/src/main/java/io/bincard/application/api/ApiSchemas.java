package io.bincard.application.api;

import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.CommandKey;
import io.swagger.v3.oas.models.media.Discriminator;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The JSON Schemas (2020-12) of what the command API reads and answers. */
final class ApiSchemas {

  private static final String COMPONENT = "#/components/schemas/";

  private ApiSchemas() {}

  /** The schema called {@code name} in the document. */
  static Schema<?> ref(String name) {
    Schema<?> schema = new JsonSchema();
    schema.set$ref(COMPONENT + name);
    return schema;
  }

  /** Every named schema of the command API. */
  static Map<String, Schema<?>> all() {
    Map<String, Schema<?>> all = new TreeMap<>();
    for (CommandRoute route : CommandRoute.values()) {
      if (route.hasBody()) {
        all.put(bodyName(route), body(route));
      }
      all.put(lineName(route), line(route));
    }
    all.put("CommandLine", anyLine());
    all.put("Outcome", outcome(false));
    all.put("DoneLine", outcome(true));
    all.put("RejectedLine", rejected());
    all.put("InvalidLine", withProblem("invalid", "The line is no command; nothing is stored."));
    all.put(
        "UnknownLine",
        withProblem("unknown", "The outcome is not known; send the line again with its key."));
    all.put("SkippedLine", skipped());
    all.put("AnswerLine", anyAnswer());
    all.put("RunningCommand", running());
    all.put("Problem", problem());
    return all;
  }

  /** The name of the schema of the body of {@code route}. */
  static String bodyName(CommandRoute route) {
    return pascal(route.form().type());
  }

  private static String lineName(CommandRoute route) {
    return pascal(route.form().type()) + "Line";
  }

  private static String pascal(String kebab) {
    StringBuilder name = new StringBuilder();
    for (String word : kebab.split("-", -1)) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word.substring(1));
    }
    return name.toString();
  }

  // What is read

  /** The members of {@code route} that stand in its body. */
  static List<Field<?>> membersOf(CommandRoute route) {
    return route.form().fields().stream()
        .filter(field -> !(route.hasSkuInPath() && field.equals(Field.SKU)))
        .toList();
  }

  private static Schema<?> body(CommandRoute route) {
    Schema<?> schema = object(route.description());
    membersOf(route).forEach(field -> add(schema, field));
    closed(schema, route);
    return schema;
  }

  private static Schema<?> line(CommandRoute route) {
    Schema<?> schema = object(route.description());
    add(schema, "key", key(), true);
    add(schema, "type", constant(route.form().type()), true);
    route.form().fields().forEach(field -> add(schema, field));
    closed(schema, route);
    return schema;
  }

  /** Nothing else may stand in it. */
  private static void closed(Schema<?> schema, CommandRoute route) {
    schema.setAdditionalProperties(false);
    if (route == CommandRoute.SET_POLICY) {
      schema.addAnyOfItem(with(Field.SAFETY_STOCK));
      schema.addAnyOfItem(with(Field.BACKORDER_LIMIT));
    }
  }

  private static Schema<?> with(Field<?> field) {
    Schema<?> schema = new JsonSchema();
    add(schema, field.name(), new JsonSchema(), true);
    return schema;
  }

  private static Schema<?> anyLine() {
    Schema<?> schema = new JsonSchema();
    schema.setDescription("One command of a batch: its key, its type and its members.");
    Discriminator discriminator = new Discriminator().propertyName("type");
    for (CommandRoute route : CommandRoute.values()) {
      schema.addOneOfItem(ref(lineName(route)));
      discriminator.mapping(route.form().type(), COMPONENT + lineName(route));
    }
    schema.setDiscriminator(discriminator);
    return schema;
  }

  private static void add(Schema<?> object, Field<?> field) {
    add(object, field.name(), of(field), field.required());
  }

  /** The schema of one member. */
  static Schema<?> of(Field<?> field) {
    Schema<?> schema = new JsonSchema();
    schema.setDescription(field.meaning());
    switch (field.shape()) {
      case Field.Shape.Text(String pattern, int maxLength) -> {
        schema.setTypes(Set.of("string"));
        schema.setPattern(pattern);
        schema.setMinLength(1);
        schema.setMaxLength(maxLength);
      }
      case Field.Shape.Units(long min, long max, boolean zeroAllowed) -> {
        schema.setTypes(Set.of("integer"));
        schema.setFormat("int64");
        schema.setMinimum(BigDecimal.valueOf(min));
        schema.setMaximum(BigDecimal.valueOf(max));
        if (min < 0 && !zeroAllowed) {
          Schema<?> zero = new JsonSchema();
          zero.setConst(0);
          schema.setNot(zero);
        }
      }
    }
    return schema;
  }

  /** The schema of a key. */
  static Schema<?> key() {
    Schema<?> schema = text("The command's key; a UUIDv7 is a good one.");
    schema.setPattern("^[!-.0-\\[\\]-~]+$"); // visible ASCII without slashes
    schema.setMinLength(1);
    schema.setMaxLength(CommandKey.MAX_LENGTH);
    return schema;
  }

  // What is answered

  private static Schema<?> outcome(boolean inBatch) {
    Schema<?> schema =
        object("Done: the events and this answer are in one committed, flushed transaction.");
    add(schema, "key", key(), true);
    add(schema, "status", constant("done"), true);
    add(schema, "stream", text("the item's stream, stock:{sku}@{location}"), true);
    add(schema, "version", integer("sequence of the item's last event; what If-Match takes"), true);
    add(
        schema,
        "position",
        integer("place of that event in the journal; what minPosition takes"),
        true);
    add(
        schema,
        "onHand",
        integer("units that are there; below 0 what is owed to backorders"),
        true);
    add(schema, "reserved", integer("units that are promised to holds"), true);
    add(
        schema,
        "available",
        integer("on hand, less reserved, less safety stock; negative with backorders"),
        true);
    if (inBatch) {
      addReplayed(schema);
    }
    return schema;
  }

  private static Schema<?> rejected() {
    Schema<?> schema = object("Refused by a rule of the business; the key is told so for ever.");
    add(schema, "key", key(), true);
    add(schema, "status", constant("rejected"), true);
    add(schema, "problem", ref("Problem"), true);
    addReplayed(schema);
    return schema;
  }

  private static void addReplayed(Schema<?> schema) {
    Schema<?> replayed = constant(true);
    replayed.setDescription("the key was answered before, and this is that answer");
    add(schema, "replayed", replayed, false);
  }

  private static Schema<?> withProblem(String status, String description) {
    Schema<?> schema = object(description);
    add(schema, "key", key(), false);
    add(schema, "status", constant(status), true);
    add(schema, "line", integer("number of the line in the request, from 1"), true);
    add(schema, "problem", ref("Problem"), true);
    return schema;
  }

  private static Schema<?> skipped() {
    Schema<?> schema = object("Not run, because of another line; nothing is stored.");
    add(schema, "key", key(), false);
    add(schema, "status", constant("skipped"), true);
    return schema;
  }

  private static Schema<?> anyAnswer() {
    Schema<?> schema = new JsonSchema();
    schema.setDescription("The answer to one line of a batch.");
    Discriminator discriminator = new Discriminator().propertyName("status");
    for (String name :
        List.of("DoneLine", "RejectedLine", "InvalidLine", "UnknownLine", "SkippedLine")) {
      schema.addOneOfItem(ref(name));
      discriminator.mapping(
          name.substring(0, name.length() - "Line".length()).toLowerCase(Locale.ROOT),
          COMPONENT + name);
    }
    schema.setDiscriminator(discriminator);
    return schema;
  }

  private static Schema<?> running() {
    Schema<?> schema = object("The command is under way on this node; ask again in a moment.");
    add(schema, "key", key(), true);
    add(schema, "status", constant("running"), true);
    return schema;
  }

  private static Schema<?> problem() {
    Schema<?> schema =
        object(
            "A problem after RFC 9457. Its type leads to a page that says what it means and what"
                + " to do; further members are the numbers and names of the case.");
    JsonSchema type = new JsonSchema();
    type.setTypes(Set.of("string"));
    type.setFormat("uri-reference");
    Arrays.stream(ProblemType.values()).forEach(each -> type.addEnumItemObject(each.uri()));
    add(schema, "type", type, true);
    add(schema, "title", text("the rule in a few words"), true);
    add(schema, "status", integer("the HTTP status"), true);
    add(schema, "detail", text("what is wrong in this case, for a person"), true);
    schema.setAdditionalProperties(true);
    return schema;
  }

  // Parts

  private static Schema<?> object(String description) {
    Schema<?> schema = new JsonSchema();
    schema.setTypes(Set.of("object"));
    schema.setDescription(description);
    return schema;
  }

  private static void add(Schema<?> object, String name, Schema<?> member, boolean required) {
    object.addProperty(name, member);
    if (required) {
      object.addRequiredItem(name);
    }
  }

  /** A string of any content. */
  static Schema<?> text(String description) {
    Schema<?> schema = new JsonSchema();
    schema.setTypes(Set.of("string"));
    schema.setDescription(description);
    return schema;
  }

  /** A whole number. */
  static Schema<?> integer(String description) {
    Schema<?> schema = new JsonSchema();
    schema.setTypes(Set.of("integer"));
    schema.setFormat("int64");
    schema.setDescription(description);
    return schema;
  }

  private static Schema<?> constant(Object value) {
    Schema<?> schema = new JsonSchema();
    schema.setTypes(Set.of(value instanceof Boolean ? "boolean" : "string"));
    schema.setConst(value);
    return schema;
  }
}
