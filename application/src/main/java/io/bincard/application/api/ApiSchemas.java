package io.bincard.application.api;

import io.bincard.application.discount.PricedOrderView;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.CommandKey;
import io.bincard.domain.hold.Hold;
import io.bincard.domain.pricing.LostRule;
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
    all.put("DiscountOutcome", discountOutcome(false));
    all.put("PolicyOutcome", policyOutcome(false));
    all.put("HoldOutcome", holdOutcome(false));
    all.put("OrderOutcome", orderOutcome(false));
    all.put("SkuOutcome", skuOutcome(false));
    all.put("Hold", hold());
    all.put("FoundHold", foundHold());
    all.put("PricedOrder", pricedOrder());
    all.put("Quote", quote());
    all.put("AppliedDiscount", appliedDiscount());
    all.put("Policies", policies());
    all.put("PolicyContent", content());
    all.put("PolicyDifference", difference());
    all.put("DoneLine", done());
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
    return route.form().fields().stream().filter(field -> !field.equals(route.inPath())).toList();
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
    Schema<?> schema = of(field.shape());
    schema.setDescription(field.meaning());
    return schema;
  }

  private static Schema<?> of(Field.Shape shape) {
    JsonSchema schema = new JsonSchema();
    switch (shape) {
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
      case Field.Shape.Words(List<String> words) -> {
        schema.setTypes(Set.of("string"));
        words.forEach(schema::addEnumItemObject);
      }
      case Field.Shape.Truth() -> schema.setTypes(Set.of("boolean"));
      case Field.Shape.Table(List<Field<?>> members) -> {
        schema.setTypes(Set.of("object"));
        members.forEach(member -> add(schema, member));
        schema.setAdditionalProperties(false);
      }
      case Field.Shape.Several(Field.Shape each, int min, int max) -> {
        schema.setTypes(Set.of("array"));
        schema.setItems(of(each));
        schema.setMinItems(min);
        schema.setMaxItems(max);
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
    add(
        schema,
        "position",
        integer("place of that event in the journal; what minPosition takes"),
        true);
    addCard(schema);
    if (inBatch) {
      addReplayed(schema);
    }
    return schema;
  }

  /** What is told of a stock item. */
  private static void addCard(Schema<?> schema) {
    add(schema, "stream", text("the item's stream, stock:{sku}@{location}"), true);
    add(schema, "version", integer("sequence of the item's last event; what If-Match takes"), true);
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
  }

  /** What a command may have been answered. */
  static Schema<?> told() {
    Schema<?> schema = new JsonSchema();
    Arrays.stream(CommandRoute.values())
        .map(ApiSchemas::outcomeName)
        .distinct()
        .forEach(name -> schema.addAnyOfItem(ref(name)));
    schema.addAnyOfItem(ref("RejectedLine"));
    return schema;
  }

  /** The name of the schema of what {@code route} answers. */
  static String outcomeName(CommandRoute route) {
    return switch (route.subject()) {
      case STOCK_ITEM -> "Outcome";
      case PRICE -> "DiscountOutcome";
      case POLICY -> "PolicyOutcome";
      case HOLD -> "HoldOutcome";
      case ORDER -> "OrderOutcome";
      case SKU -> "SkuOutcome";
    };
  }

  private static Schema<?> done() {
    Schema<?> schema = new JsonSchema();
    schema.setDescription("Done: what the route of the command answers.");
    schema.addAnyOfItem(outcome(true));
    schema.addAnyOfItem(discountOutcome(true));
    schema.addAnyOfItem(policyOutcome(true));
    schema.addAnyOfItem(holdOutcome(true));
    schema.addAnyOfItem(orderOutcome(true));
    schema.addAnyOfItem(skuOutcome(true));
    return schema;
  }

  private static Schema<?> discountOutcome(boolean inBatch) {
    Schema<?> schema = doneAt("the order's stream, discount:{orderId}");
    add(schema, "order", ref("PricedOrder"), false);
    if (inBatch) {
      addReplayed(schema);
    }
    return schema;
  }

  private static Schema<?> policyOutcome(boolean inBatch) {
    Schema<?> schema = doneAt("the register's stream, discount-policy");
    add(schema, "inForce", of(Field.FINGERPRINT), false);
    add(schema, "staged", of(Field.FINGERPRINT), false);
    if (inBatch) {
      addReplayed(schema);
    }
    return schema;
  }

  private static Schema<?> holdOutcome(boolean inBatch) {
    Schema<?> schema = doneAt("the hold's stream, hold:{id}");
    add(schema, "hold", ref("Hold"), true);
    if (inBatch) {
      addReplayed(schema);
    }
    return schema;
  }

  private static Schema<?> skuOutcome(boolean inBatch) {
    Schema<?> schema = doneAt("the SKU's stream, sku:{sku}");
    if (inBatch) {
      addReplayed(schema);
    }
    return schema;
  }

  private static Schema<?> orderOutcome(boolean inBatch) {
    Schema<?> schema =
        object("Done: the events and this answer are in one committed, flushed transaction.");
    add(schema, "key", key(), true);
    add(schema, "status", constant("done"), true);
    add(schema, Field.ORDER_ID);
    add(schema, "position", integer("place in the journal of the last event"), true);
    Schema<?> item = object("An item that units were taken from, as it is after it.");
    add(item, Field.SKU);
    add(item, "location", of(Field.LOCATION.shape()), true);
    addCard(item);
    add(schema, "items", listOf(item), true);
    if (inBatch) {
      addReplayed(schema);
    }
    return schema;
  }

  /** A promise, as it is told. */
  private static Schema<?> hold() {
    Schema<?> schema = object("What an order was promised, and what became of it.");
    add(schema, "id", of(Field.HOLD.shape()), true);
    add(schema, Field.ORDER_ID);
    JsonSchema status =
        (JsonSchema) text("expired from the moment on that its time is over, written down or not");
    Arrays.stream(Hold.Status.values())
        .filter(each -> each != Hold.Status.UNKNOWN)
        .forEach(each -> status.addEnumItemObject(each.name().toLowerCase(Locale.ROOT)));
    add(schema, "status", status, true);
    add(schema, "placedAt", text("when"), true);
    add(schema, "expiresAt", text("from then on nothing is promised"), true);
    add(schema, "finalPrice", of(Field.UNIT_PRICE.shape()), false);
    Schema<?> line = object("Units of one item; a line of several locations stands several times.");
    add(line, "line", integer("of the order, from 0"), true);
    add(line, Field.SKU);
    add(line, "location", of(Field.LOCATION.shape()), true);
    add(line, Field.QUANTITY);
    add(line, "confirmed", integer("units of it that were sold"), true);
    add(line, "finalPrice", of(Field.UNIT_PRICE.shape()), false);
    add(schema, "lines", listOf(line), true);
    add(schema, "price", ref("PricedOrder"), false);
    return schema;
  }

  private static Schema<?> foundHold() {
    Schema<?> schema = object("A hold, with how its price came about.");
    add(schema, "stream", text("the hold's stream, hold:{id}"), true);
    add(schema, "version", integer("sequence of its last event; what If-Match takes"), true);
    add(schema, "hold", ref("Hold"), true);
    return schema;
  }

  private static Schema<?> doneAt(String stream) {
    Schema<?> schema =
        object("Done: the events and this answer are in one committed, flushed transaction.");
    add(schema, "key", key(), true);
    add(schema, "status", constant("done"), true);
    add(schema, "stream", text(stream), true);
    add(schema, "version", integer("sequence of its last event; what If-Match takes"), true);
    add(schema, "position", integer("place in the journal of the last event"), true);
    return schema;
  }

  /** What a cart costs, and why. */
  private static Schema<?> pricedOrder() {
    Schema<?> schema = object("What everything costs, what each rule took off, and which lost.");
    add(schema, "orderId", of(Field.ORDER_ID), false);
    add(schema, "policy", of(Field.FINGERPRINT), true);
    add(schema, "pricedAt", text("when, by the clocks of the policy's zone"), true);
    for (String sum : List.of("listPrice", "discount", "finalPrice")) {
      add(schema, sum, of(Field.UNIT_PRICE.shape()), true);
    }
    Schema<?> line = object("A line; amounts for all its units, but for unitPrice.");
    add(line, Field.SKU);
    add(line, Field.QUANTITY);
    add(line, Field.UNIT_PRICE);
    add(line, Field.CATEGORY);
    add(line, "listPrice", of(Field.UNIT_PRICE.shape()), true);
    add(line, "adjustments", listOf(taken()), true);
    add(line, "finalPrice", of(Field.UNIT_PRICE.shape()), true);
    add(line, "lost", listOf(lost()), true);
    add(schema, "lines", listOf(line), true);
    add(schema, "rules", listOf(taken()), true);
    add(schema, "lost", listOf(lost()), true);
    add(schema, "exhausted", listOf(text("a campaign that had nothing left")), true);
    Schema<?> coupon = object("A coupon that was shown for nothing; only of a quote.");
    add(coupon, "coupon", text("its code"), true);
    add(coupon, "reason", reason(), false);
    add(schema, "unusableCoupons", listOf(coupon), false);
    return schema;
  }

  private static Schema<?> quote() {
    Schema<?> schema = object("A cart, and when it is to be priced.");
    DiscountController.OF_A_QUOTE.forEach(field -> add(schema, field));
    schema.setAdditionalProperties(false);
    return schema;
  }

  private static Schema<?> appliedDiscount() {
    Schema<?> schema = object("The price that an order has.");
    add(schema, "stream", text("the order's stream, discount:{orderId}"), true);
    add(schema, "version", integer("sequence of its last event; what If-Match takes"), true);
    add(schema, "order", ref("PricedOrder"), true);
    return schema;
  }

  private static Schema<?> policies() {
    Schema<?> schema = object("Which versions price, and how it came to that, the last first.");
    add(schema, "version", integer("of the register; what If-Match takes"), true);
    add(schema, "inForce", of(Field.FINGERPRINT), false);
    add(schema, "staged", of(Field.FINGERPRINT), false);
    Schema<?> entry = object("Something that happened.");
    add(entry, "version", integer("of the register after it"), true);
    add(entry, "at", text("when"), true);
    JsonSchema what = (JsonSchema) text("what happened");
    List.of("activated", "staged", "unstaged", "rejected").forEach(what::addEnumItemObject);
    add(entry, "what", what, true);
    add(entry, "fingerprint", of(Field.FINGERPRINT), false);
    add(entry, "errors", listOf(text("file, line, key, what was expected and found")), false);
    add(schema, "history", listOf(entry), true);
    return schema;
  }

  private static Schema<?> content() {
    Schema<?> schema =
        object("A policy in its canonical form, with the keys of its files; see its schema.");
    schema.setAdditionalProperties(true);
    return schema;
  }

  private static Schema<?> difference() {
    Schema<?> change = object("An entry, or a setting, that is another.");
    add(change, "key", text("as rule[christmas], or zone"), true);
    add(change, "before", new JsonSchema(), false);
    add(change, "after", new JsonSchema(), false);
    Schema<?> schema = object("What one version has otherwise than another.");
    add(schema, "changes", listOf(change), true);
    return schema;
  }

  private static Schema<?> taken() {
    Schema<?> schema = object("What a rule took off.");
    add(schema, "rule", text("its name"), true);
    add(schema, "campaign", text("whose budget paid"), false);
    add(schema, "amount", of(Field.UNIT_PRICE.shape()), true);
    return schema;
  }

  private static Schema<?> lost() {
    Schema<?> schema = object("A rule that did not apply.");
    add(schema, "rule", text("its name"), true);
    add(schema, "reason", reason(), true);
    add(schema, "winner", text("the rule that it lost to"), false);
    return schema;
  }

  private static Schema<?> reason() {
    JsonSchema reason = (JsonSchema) text("why");
    Arrays.stream(LostRule.Reason.values())
        .forEach(each -> reason.addEnumItemObject(PricedOrderView.word(each)));
    return reason;
  }

  private static Schema<?> listOf(Schema<?> each) {
    Schema<?> schema = new JsonSchema();
    schema.setTypes(Set.of("array"));
    schema.setItems(each);
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
