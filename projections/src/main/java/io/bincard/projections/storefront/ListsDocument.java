package io.bincard.projections.storefront;

import static io.bincard.projections.storefront.StorefrontDocument.add;
import static io.bincard.projections.storefront.StorefrontDocument.answers;
import static io.bincard.projections.storefront.StorefrontDocument.arrayOf;
import static io.bincard.projections.storefront.StorefrontDocument.code;
import static io.bincard.projections.storefront.StorefrontDocument.integer;
import static io.bincard.projections.storefront.StorefrontDocument.json;
import static io.bincard.projections.storefront.StorefrontDocument.object;
import static io.bincard.projections.storefront.StorefrontDocument.operation;
import static io.bincard.projections.storefront.StorefrontDocument.parameter;
import static io.bincard.projections.storefront.StorefrontDocument.problem;
import static io.bincard.projections.storefront.StorefrontDocument.put;
import static io.bincard.projections.storefront.StorefrontDocument.ref;
import static io.bincard.projections.storefront.StorefrontDocument.text;
import static io.bincard.projections.storefront.StorefrontDocument.truth;

import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.parameters.Parameter;
import java.util.List;
import java.util.Map;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springframework.core.annotation.Order;

/**
 * Says in the application's OpenAPI document what lists and questions about SKUs take and answer.
 */
@Order(StorefrontDocument.BEFORE_WHAT_ALL_ROUTES_SHARE)
final class ListsDocument implements GlobalOpenApiCustomizer {

  private static final String SKU = "TEAPOT-1";
  private static final String NAME = "Teapot, blue, 1 l";
  private static final Map<String, Object> PRICE = Map.of("amount", 1999, "currency", "GBP");

  @Override
  public void customise(OpenAPI api) {
    api.schema("Price", price());
    api.schema("DescribedSku", described());
    api.schema("StockedSku", stocked());
    api.schema("ListedSkus", skus());
    api.schema("LowStock", lowStock());
    api.schema("OrderHolds", holds());
    api.schema("PriceList", prices());
    put(api, "/v1/skus/{sku}", name());
    put(api, "/v1/skus", search());
    put(api, "/v1/stock/{sku}/locations", locations());
    put(api, "/v1/low-stock", low());
    put(api, "/v1/holds", ofOrder());
    put(api, "/v1/prices/{sku}", list());
  }

  // Routes

  private static Operation name() {
    Operation operation =
        operation("get-sku", "What a SKU is called", "Of the view, else of the ledger.");
    operation.addParametersItem(sku());
    operation.setResponses(
        answers(
                json(
                        "It is so.",
                        "DescribedSku",
                        Map.of(
                            "sku",
                            SKU,
                            "name",
                            NAME,
                            "category",
                            "teapots",
                            "unitPrice",
                            PRICE,
                            "discontinued",
                            false,
                            "version",
                            0,
                            "asOfPosition",
                            25,
                            "ageMillis",
                            0,
                            "source",
                            "view"))
                    .addHeaderObject(
                        "ETag",
                        new Header()
                            .description("The description's version.")
                            .schema(text("quoted version"))))
            .addApiResponse("400", problem("invalid-value"))
            .addApiResponse("404", problem("unknown-sku"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  private static Operation search() {
    Operation operation =
        operation(
            "list-skus",
            "SKUs by category, name and status",
            "Those that were described, in the order of their names in small letters. A page may have"
                + " few SKUs, or none, while next says how to go on: it looks at no more candidates"
                + " than bincard.lists.max-looked-at.");
    operation.addParametersItem(
        parameter("query", "category", code("what they are sold as"), false, "teapots"));
    JsonSchema prefix = text("what their names begin with, in letters of any size");
    prefix.setMaxLength(200);
    operation.addParametersItem(parameter("query", "namePrefix", prefix, false, "tea"));
    operation.addParametersItem(parameter("query", "status", status(), false, null));
    page(operation);
    operation.setResponses(
        answers(
                json(
                    "A page.",
                    "ListedSkus",
                    Map.of(
                        "skus",
                        List.of(
                            Map.of(
                                "sku",
                                SKU,
                                "name",
                                NAME,
                                "category",
                                "teapots",
                                "unitPrice",
                                PRICE,
                                "discontinued",
                                false,
                                "status",
                                "in-stock",
                                "total",
                                total(),
                                "version",
                                0)),
                        "asOfPosition",
                        25,
                        "ageMillis",
                        0,
                        "source",
                        "view")))
            .addApiResponse("400", problem("invalid-value"))
            .addApiResponse("409", problem("too-many-locations"))
            .addApiResponse("503", problem("views-unavailable", "ledger-unavailable")));
    return operation;
  }

  private static Operation locations() {
    Operation operation =
        operation(
            "get-stock-of-sku",
            "What can be sold of a SKU, at each location and in all",
            "The sums are made when it is asked for, of what each location says at the moment.");
    operation.addParametersItem(sku());
    JsonSchema position = text("up to 18 digits: what the answer must not be older than");
    position.setPattern("^[0-9]{1,18}$");
    position.setDefault("0");
    operation.addParametersItem(parameter("query", "minPosition", position, false, null));
    operation.setResponses(
        answers(
                json(
                    "What there is.",
                    "StockedSku",
                    Map.of(
                        "sku",
                        SKU,
                        "name",
                        NAME,
                        "discontinued",
                        false,
                        "total",
                        total(),
                        "locations",
                        List.of(StorefrontDocument.example()),
                        "asOfPosition",
                        9,
                        "ageMillis",
                        0,
                        "source",
                        "view",
                        "stale",
                        false)))
            .addApiResponse("400", problem("invalid-value"))
            .addApiResponse("404", problem("unknown-sku"))
            .addApiResponse("409", problem("too-many-locations"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  private static Operation low() {
    Operation operation =
        operation(
            "list-low-stock",
            "What there is little of",
            "Items of which no more units are available than the threshold, what is owed first; in the"
                + " order of what the books say, each as of the moment.");
    JsonSchema threshold = text("units, 0 to 1000");
    threshold.setPattern("^[0-9]{1,4}$");
    operation.addParametersItem(parameter("query", "threshold", threshold, true, "20"));
    operation.addParametersItem(
        parameter("query", "location", code("at which; anywhere unless given"), false, null));
    page(operation);
    operation.setResponses(
        answers(
                json(
                    "A page.",
                    "LowStock",
                    Map.of(
                        "threshold",
                        20,
                        "items",
                        List.of(StorefrontDocument.example()),
                        "asOfPosition",
                        9,
                        "ageMillis",
                        0,
                        "source",
                        "view")))
            .addApiResponse("400", problem("invalid-value", "missing-parameter"))
            .addApiResponse("503", problem("views-unavailable", "ledger-unavailable")));
    return operation;
  }

  private static Operation ofOrder() {
    Operation operation =
        operation(
            "list-holds",
            "What an order was promised",
            "Its holds, the first placed first. The ledger has no index by order: without views this"
                + " is unknown. Holds whose time was over 29 days ago may be missing.");
    operation.addParametersItem(
        parameter("query", "orderId", code("the order"), true, "order-1004"));
    page(operation);
    operation.setResponses(
        answers(
                json(
                    "A page.",
                    "OrderHolds",
                    Map.of(
                        "orderId",
                        "order-1004",
                        "holds",
                        List.of(),
                        "completeSince",
                        "2026-10-23T12:00:00Z",
                        "asOfPosition",
                        9,
                        "ageMillis",
                        0,
                        "source",
                        "view")))
            .addApiResponse("400", problem("invalid-value", "missing-parameter"))
            .addApiResponse("503", problem("views-unavailable", "ledger-unavailable")));
    return operation;
  }

  private static Operation list() {
    Operation operation =
        operation(
            "get-prices",
            "What units of a SKU cost",
            "By the policy in force, for an order of nothing else, of somebody who is not known and"
                + " shows no coupon, while campaigns have something left; at 1 unit and at each number"
                + " of units where the price of one changes. For what a cart really costs ask for a"
                + " quote.");
    operation.addParametersItem(sku());
    JsonSchema currency = text("that the list price must have");
    currency.setPattern("^[A-Z]{3}$");
    operation.addParametersItem(parameter("query", "currency", currency, false, "GBP"));
    operation.setResponses(
        answers(
                json(
                    "It costs that.",
                    "PriceList",
                    Map.of(
                        "sku",
                        SKU,
                        "listPrice",
                        PRICE,
                        "version",
                        0,
                        "steps",
                        List.of(
                            Map.of(
                                "from",
                                1,
                                "unitPrice",
                                PRICE,
                                "finalPrice",
                                PRICE,
                                "rules",
                                List.of())))))
            .addApiResponse("400", problem("invalid-value"))
            .addApiResponse("404", problem("unknown-sku", "no-list-price"))
            .addApiResponse("409", problem("currency-not-sold", "too-many-rules"))
            .addApiResponse("503", problem("ledger-unavailable")));
    return operation;
  }

  private static Map<String, Object> total() {
    return Map.of("onHand", 19, "reserved", 0, "available", 17);
  }

  private static Parameter sku() {
    return parameter("path", "sku", code("what is sold"), true, SKU);
  }

  private static void page(Operation operation) {
    JsonSchema limit = text("entries of a page at most");
    limit.setPattern("^[0-9]{1,4}$");
    limit.setDefault("20");
    operation.addParametersItem(parameter("query", "limit", limit, false, null));
    operation.addParametersItem(
        parameter("query", "after", text("what the page before has in next"), false, null));
  }

  // What is answered

  private static Schema<?> status() {
    JsonSchema status =
        text(
            "discontinued; else frozen if it is stocked and frozen everywhere; else in-stock if some is"
                + " available where it is not frozen; else out-of-stock");
    List.of("in-stock", "out-of-stock", "frozen", "discontinued")
        .forEach(status::addEnumItemObject);
    return status;
  }

  private static Schema<?> price() {
    Schema<?> schema = object("Money.");
    add(schema, "amount", integer("minor units, as pence"));
    add(schema, "currency", text("three letters of ISO 4217"));
    return schema;
  }

  private static void addDescription(Schema<?> schema) {
    add(schema, "sku", code("what is sold"));
    add(schema, "name", text("what customers know it by"));
    schema.addProperty("category", code("what it is sold as"));
    schema.addProperty("unitPrice", ref("Price"));
    add(schema, "discontinued", truth("whether the shop no longer offers it"));
  }

  private static void addFreshness(Schema<?> schema) {
    add(schema, "asOfPosition", integer("no event up to here is missing"));
    add(
        schema,
        "ageMillis",
        integer("for how long at most the answer may have been out of date; 0 if it is not"));
    JsonSchema source = text("who answered");
    for (Source each : Source.values()) {
      source.addEnumItemObject(each.word());
    }
    add(schema, "source", source);
  }

  private static Schema<?> sums() {
    Schema<?> schema = object("Sums over locations, in units.");
    add(schema, "onHand", integer("units that are there"));
    add(schema, "reserved", integer("units that are promised to holds"));
    add(schema, "available", integer("what can be sold"));
    return schema;
  }

  private static void addNext(Schema<?> schema) {
    schema.addProperty("next", text("what after takes to go on; missing at the end"));
  }

  private static Schema<?> described() {
    Schema<?> schema = object("What a SKU is called.");
    addDescription(schema);
    add(schema, "version", integer("sequence of the description's event; what If-Match takes"));
    addFreshness(schema);
    return schema;
  }

  private static Schema<?> stocked() {
    Schema<?> schema = object("What can be sold of a SKU.");
    add(schema, "sku", code("what is sold"));
    schema.addProperty("name", text("what customers know it by"));
    schema.addProperty("category", code("what it is sold as"));
    schema.addProperty("discontinued", truth("whether the shop no longer offers it"));
    add(schema, "total", sums());
    add(schema, "locations", arrayOf(ref("Availability"), "in the order of their codes"));
    addFreshness(schema);
    add(schema, "stale", truth("whether the answer is older than the position asked for"));
    return schema;
  }

  private static Schema<?> skus() {
    Schema<?> entry = object("A SKU.");
    addDescription(entry);
    add(entry, "status", status());
    add(entry, "total", sums());
    add(entry, "version", integer("sequence of the description's event"));
    Schema<?> schema = object("A page of SKUs.");
    add(schema, "skus", arrayOf(entry, "in the order of their names"));
    addNext(schema);
    addFreshness(schema);
    return schema;
  }

  private static Schema<?> lowStock() {
    Schema<?> schema = object("A page of what there is little of.");
    add(schema, "threshold", integer("units"));
    add(schema, "items", arrayOf(ref("Availability"), "the least first"));
    addNext(schema);
    addFreshness(schema);
    return schema;
  }

  private static Schema<?> holds() {
    Schema<?> line = object("Units of one item; a line of several locations stands several times.");
    add(line, "line", integer("of the order, from 0"));
    add(line, "sku", code("what is sold"));
    add(line, "location", code("where it lies"));
    add(line, "quantity", integer("units that were promised"));
    add(line, "confirmed", integer("units of it that were sold"));
    Schema<?> hold = object("A hold.");
    add(hold, "id", text("which"));
    JsonSchema status = text("expired from the moment on that its time is over");
    List.of("placed", "confirmed", "released", "expired").forEach(status::addEnumItemObject);
    add(hold, "status", status);
    add(hold, "placedAt", text("when"));
    add(hold, "expiresAt", text("from then on nothing is promised"));
    add(hold, "lines", arrayOf(line, "what was promised"));
    add(hold, "version", integer("sequence of its last event; what If-Match takes"));
    Schema<?> schema = object("A page of an order's holds.");
    add(schema, "orderId", code("the order"));
    add(schema, "holds", arrayOf(hold, "the first placed first"));
    addNext(schema);
    add(schema, "completeSince", text("holds that were over by then may be missing"));
    addFreshness(schema);
    return schema;
  }

  private static Schema<?> prices() {
    Schema<?> taken = object("What a rule takes off.");
    add(taken, "rule", text("its name"));
    taken.addProperty("campaign", text("that pays for it as long as its budget lasts"));
    add(taken, "amount", ref("Price"));
    Schema<?> step = object("From so many units on.");
    add(step, "from", integer("units"));
    add(step, "unitPrice", ref("Price"));
    add(step, "finalPrice", ref("Price"));
    add(step, "rules", arrayOf(taken, "in the order in which they applied"));
    Schema<?> schema = object("What units of a SKU cost.");
    add(schema, "sku", code("what is sold"));
    add(schema, "listPrice", ref("Price"));
    add(schema, "version", integer("of the description that the list price is of"));
    schema.addProperty("policy", text("fingerprint of the version in force; missing without one"));
    schema.addProperty("pricedAt", text("when, by the clocks of the policy's zone"));
    add(schema, "steps", arrayOf(step, "by number of units"));
    return schema;
  }
}
