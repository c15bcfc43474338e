package io.bincard.application.problems;

import static io.bincard.application.problems.ProblemType.Kept.FOR_EVER;
import static io.bincard.application.problems.ProblemType.Kept.NEVER;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Every rule whose breach callers are told of. The name in kebab case is the problem's type and a
 * promise; the page behind the type and the reference are made of the words here.
 */
@SuppressWarnings("ImmutableEnumChecker") // the list is unmodifiable
public enum ProblemType {
  UNKNOWN_STOCK_ITEM(
      404,
      "Unknown stock item",
      FOR_EVER,
      "The ledger has no stock item of this SKU at this location.",
      "Register the item, or check the SKU and the location: both are case-sensitive, and a request"
          + " without a location means MAIN.",
      "sku",
      "location"),
  STOCK_ITEM_ALREADY_REGISTERED(
      409,
      "Stock item already registered",
      FOR_EVER,
      "This SKU has its card at this location already.",
      "Go on with the item as it is. To put more units on the card, receive stock.",
      "sku",
      "location"),
  STALE_VERSION(
      412,
      "Stale version",
      FOR_EVER,
      "If-Match named a version, and the item has moved on since.",
      "Read the item again, decide anew, and send a new key with the actual version.",
      "sku",
      "location",
      "expectedVersion",
      "actualVersion"),
  STOCK_ITEM_FROZEN(
      409,
      "Stock item frozen",
      FOR_EVER,
      "The item is frozen: its figure is not to be trusted, and only a count or an unfreeze is"
          + " taken.",
      "Count the item and unfreeze it, or sell another; then send a new key.",
      "sku",
      "location"),
  STOCK_ITEM_NOT_FROZEN(
      409,
      "Stock item not frozen",
      FOR_EVER,
      "There is nothing to unfreeze.",
      "Nothing; the item takes commands.",
      "sku",
      "location"),
  QUANTITY_LIMIT_EXCEEDED(
      409,
      "Quantity limit exceeded",
      FOR_EVER,
      "The item would hold more units than a figure can say: 2^53 - 1, the largest integer that"
          + " every JSON client reads exactly.",
      "Check the quantity; it is almost certainly a mistake of its source.",
      "sku",
      "location",
      "onHand",
      "requested",
      "limit"),
  INSUFFICIENT_STOCK(
      409,
      "Insufficient stock",
      FOR_EVER,
      "More units were asked for than may be sold. Units that the item's policy lets be sold ahead"
          + " of their coming are counted in available.",
      "Offer the customer what is available, or wait for goods; then send a new key. The old key is"
          + " told no for ever, also after a restock.",
      "sku",
      "location",
      "requested",
      "available"),
  ADJUSTMENT_EXCEEDS_STOCK(
      409,
      "Adjustment exceeds stock",
      FOR_EVER,
      "The correction would write off more than lies there unreserved.",
      "Count the item: a count sets the figure, whatever it was.",
      "sku",
      "location",
      "delta",
      "onHand",
      "reserved"),
  COUNT_BELOW_RESERVED(
      409,
      "Count below reserved",
      FOR_EVER,
      "Fewer units were counted than are promised to holds.",
      "Count again; if it is so, release holds first.",
      "sku",
      "location",
      "counted",
      "reserved"),

  STALE_ORDER_VERSION(
      412,
      "Stale order version",
      FOR_EVER,
      "If-Match named a version of the order's discounts, and they have moved on since.",
      "Read the order's discounts again, decide anew, and send a new key with the actual version.",
      "orderId",
      "expectedVersion",
      "actualVersion"),
  DISCOUNT_ALREADY_APPLIED(
      409,
      "Discount already applied",
      FOR_EVER,
      "The order has its price already, and it stands.",
      "Read it at GET /v1/discounts/{orderId}. To price another cart, revoke the discount first.",
      "orderId"),
  DISCOUNT_NOT_APPLIED(
      404,
      "Discount not applied",
      FOR_EVER,
      "The order has no price: none was applied, or it was revoked.",
      "Nothing; there is nothing to take back.",
      "orderId"),
  NO_POLICY_IN_FORCE(
      409,
      "No policy in force",
      FOR_EVER,
      "The ledger has no discount policy, so it cannot price anything.",
      "Put policy files into the folder of policies, or activate one; then send a new key.",
      "orderId"),
  CURRENCY_NOT_SOLD(
      409,
      "Currency not sold",
      FOR_EVER,
      "The prices of the cart are in another currency than the policy in force.",
      "Send prices in the currency of the policy.",
      "orderId",
      "requested",
      "expected"),
  TOO_MANY_RULES(
      409,
      "Too many rules",
      FOR_EVER,
      "More rules of the policy are about the lines of this cart than can be told with its price,"
          + " each counted once a line.",
      "Send fewer lines at once; ask who writes the policy for narrower rules.",
      "orderId",
      "most"),
  COUPON_NOT_APPLICABLE(
      409,
      "Coupon not applicable",
      FOR_EVER,
      "A coupon that was shown does not apply to this order at this time. The reason is that of the"
          + " first rule that asks for it, and is absent where no rule does.",
      "Tell the customer, and send the order without the coupon with a new key.",
      "orderId",
      "coupon",
      "reason"),
  BUDGET_EXHAUSTED(
      409,
      "Budget exhausted",
      FOR_EVER,
      "A campaign has less left than this order would take: money in minor units, or uses.",
      "Show the customer the price without it. To have that price, send onExhausted skip with a new"
          + " key.",
      "orderId",
      "campaign",
      "limit",
      "requested",
      "left"),
  STALE_REGISTER_VERSION(
      412,
      "Stale register version",
      FOR_EVER,
      "If-Match named a version of the register of policies, and it has moved on since.",
      "Read the policies again, decide anew, and send a new key with the actual version.",
      "expectedVersion",
      "actualVersion"),
  UNKNOWN_POLICY(
      404,
      "Unknown policy",
      FOR_EVER,
      "The ledger never had a policy with this fingerprint.",
      "GET /v1/policies lists those that it has.",
      "fingerprint"),
  POLICY_ALREADY_IN_FORCE(
      409,
      "Policy already in force",
      FOR_EVER,
      "This version of the policy is in force.",
      "Nothing; it is as you want it.",
      "fingerprint"),
  POLICY_ALREADY_STAGED(
      409,
      "Policy already staged",
      FOR_EVER,
      "This version of the policy is staged.",
      "Nothing; it is as you want it.",
      "fingerprint"),
  UNKNOWN_HOLD(
      404,
      "Unknown hold",
      FOR_EVER,
      "The ledger never had a hold with this id.",
      "Check the id: it is the one that the answer to the placing of the hold told.",
      "hold"),
  STALE_HOLD_VERSION(
      412,
      "Stale hold version",
      FOR_EVER,
      "If-Match named a version, and the hold has moved on since.",
      "Read the hold again, decide anew, and send a new key with the actual version.",
      "hold",
      "expectedVersion",
      "actualVersion"),
  HOLD_ALREADY_CONFIRMED(
      409,
      "Hold already confirmed",
      FOR_EVER,
      "The hold was confirmed; what was not sold with it was given back, and nothing is held any"
          + " more.",
      "Read the hold to see what was sold. Units that come back are returned to stock.",
      "hold"),
  HOLD_ALREADY_RELEASED(
      409,
      "Hold already released",
      FOR_EVER,
      "The hold was released; nothing of it is held any more.",
      "Place a new hold.",
      "hold"),
  HOLD_EXPIRED(
      409,
      "Hold expired",
      FOR_EVER,
      "The time of the hold was over at expiredAt; from then on nothing of it was held.",
      "Place a new hold. Extend the next one in time if the customer needs longer.",
      "hold",
      "expiredAt"),
  HOLD_LIFETIME_EXCEEDED(
      409,
      "Hold lifetime exceeded",
      FOR_EVER,
      "The hold would last until requested; no hold lasts beyond latest, seven days after it was"
          + " placed, however often it is extended.",
      "Ask for less, or confirm the hold or release it.",
      "hold",
      "requested",
      "latest"),
  EXCEEDS_HOLD(
      409,
      "Exceeds the hold",
      FOR_EVER,
      "More was to be confirmed than is still held; every such SKU is named, without a location if"
          + " none was asked for.",
      "Confirm what is held at most; take what is missing by a new hold.",
      "hold",
      "excesses"),
  HELD_ITEMS_FROZEN(
      409,
      "Held items frozen",
      FOR_EVER,
      "Items of the hold are frozen: their figures are not to be trusted, so that what is held of"
          + " them is neither sold nor held for longer. It can be released, and it expires.",
      "Count the items and unfreeze them, then send a new key.",
      "hold",
      "items"),
  ORDER_REFUSED(
      409,
      "Order refused",
      FOR_EVER,
      "The order cannot be taken as a whole, and nothing of it was taken. Everything in its way is"
          + " named at once: items that are unknown, frozen or insufficient for all its lines"
          + " together, coupons that do not apply, and budgets that cannot pay. A SKU without a"
          + " location was to be taken from wherever the ledger finds it; available is what it could"
          + " have found at most.",
      "Change the order, or wait; then send a new key. The old key is told no for ever.",
      "orderId",
      "unknown",
      "frozen",
      "insufficient",
      "coupons",
      "budgets"),
  NO_POLICY_STAGED(
      409,
      "No policy staged",
      FOR_EVER,
      "There is no staged version to take back.",
      "Nothing; canary requests are priced as all others."),

  IDEMPOTENCY_KEY_MISSING(
      400,
      "Idempotency key missing",
      NEVER,
      "A command came without an Idempotency-Key header, or a line of a batch without a key.",
      "Give every command a key of its own, best a UUIDv7, and keep it until you know the outcome."),
  IDEMPOTENCY_KEY_MALFORMED(
      400,
      "Idempotency key malformed",
      NEVER,
      "The key is not 1 to 128 visible ASCII characters without spaces and slashes.",
      "Use a UUIDv7."),
  IDEMPOTENCY_KEY_REUSED(
      422,
      "Idempotency key reused",
      NEVER,
      "The key stands for another command already. What it was told then still holds.",
      "Use a new key for a new command; GET /v1/commands/{key} tells what the old one was told."),
  IDEMPOTENCY_KEY_EXPIRED(
      410,
      "Idempotency key expired",
      NEVER,
      "The key is a UUIDv7 from before the time that answers are kept. What it was told is not known"
          + " any more, and its command is not run.",
      "Read the stock item to learn whether the command happened; send a new key for a new command."),
  IDEMPOTENCY_KEY_AHEAD(
      400,
      "Idempotency key ahead",
      NEVER,
      "The key is a UUIDv7 that claims to be made in the future, beyond what clocks may differ by.",
      "Correct the clock that makes the keys, and send a new one."),
  REQUEST_IN_PROGRESS(
      409,
      "Request in progress",
      NEVER,
      "A request with this key is still under way, and waiting for it took too long.",
      "Ask again in a moment, with the same key."),
  INVALID_COMMAND(
      400,
      "Invalid command",
      NEVER,
      "Members of the command are missing, unknown or wrong. All of them are named at once: errors"
          + " has a pointer and a rule for each.",
      "Correct the command. The same key may be used again.",
      "errors"),
  INVALID_VALUE(
      400,
      "Invalid value",
      NEVER,
      "A part of the path or a parameter of the query breaks its rule.",
      "Correct it as the detail says."),
  MALFORMED_JSON(
      400,
      "Malformed JSON",
      NEVER,
      "The body, or the line, is not one JSON object in UTF-8 as RFC 8259 has it; a member that"
          + " stands there twice is refused too.",
      "Correct what the detail names; it tells the line and the column where it can."),
  BODY_TOO_LARGE(
      413,
      "Body too large",
      NEVER,
      "The body of a single command is larger than bincard.api.max-body.",
      "Send less; a command fits a few hundred bytes. Many commands go in a batch."),
  IF_MATCH_MALFORMED(
      400,
      "If-Match malformed",
      NEVER,
      "If-Match is not one quoted version.",
      "Write the version that you read in quotes, as in \"7\", or leave the header out."),
  NOTHING_TO_MATCH(
      400,
      "Nothing to match",
      NEVER,
      "If-Match names a version, and the command is not about one thing that has any: a hold that is"
          + " to be placed was never there, and an order is about many items.",
      "Leave the header out. A hold has its version, for its second steps, as soon as it is placed."),
  UNKNOWN_RELEASE_STAGE(
      400,
      "Unknown release stage",
      NEVER,
      "X-Release-Stage is neither stable nor canary.",
      "Send one of the two, or leave the header out."),
  UNKNOWN_COMMAND(
      404,
      "Unknown command",
      NEVER,
      "No command with this key was ever answered.",
      "Send the command, with this key: it was not done."),

  INVALID_ON_ERROR(
      400,
      "Invalid onError",
      NEVER,
      "onError is not one of continue, stop and atomic.",
      "Send one of the three, or leave the parameter out: that is continue."),
  TOO_MANY_LINES(
      400,
      "Too many lines",
      NEVER,
      "An atomic batch has more lines than bincard.api.max-atomic-lines.",
      "Split it where lines may stand apart, or send it with onError=continue."),
  LINE_TOO_LONG(
      400,
      "Line too long",
      NEVER,
      "A line of a batch is longer than bincard.api.max-line. It is answered as invalid; the other"
          + " lines are not touched by it unless onError says so.",
      "Send a shorter line."),
  MALFORMED_GZIP(
      400,
      "Malformed gzip",
      NEVER,
      "The body says that it is gzip, and it is not, or it is broken.",
      "Pack it again."),
  UNSUPPORTED_CONTENT_ENCODING(
      415,
      "Unsupported content encoding",
      NEVER,
      "The batch is packed, and not by gzip.",
      "Send it as it is, or pack it with gzip."),

  INFLATES_TOO_MUCH(
      413,
      "Inflates too much",
      NEVER,
      "The packed batch is more than bincard.api.max-inflation times larger than what was sent of it.",
      "Send the batch unpacked, or in smaller parts."),
  INCOMPLETE_BODY(
      400,
      "Incomplete body",
      NEVER,
      "The body broke off before its end, or was framed wrongly.",
      "Send the request again with the same key."),
  MALFORMED_PATH(
      400,
      "Malformed path",
      NEVER,
      "The path has a semicolon that is not percent-encoded.",
      "Write it as %3B; no code of the ledger has one."),
  MALFORMED_PARAMETERS(
      400,
      "Malformed parameters",
      NEVER,
      "The query is not percent-encoded UTF-8, or has too many parameters.",
      "Encode the parameters as RFC 3986 asks."),
  MISSING_PARAMETER(
      400,
      "Missing parameter",
      NEVER,
      "A query parameter that the route needs is missing.",
      "Add the parameter that the detail names."),
  REPEATED_PARAMETER(
      400,
      "Repeated parameter",
      NEVER,
      "A query parameter stands there more than once, and nobody could say which holds.",
      "Send it once."),
  UNKNOWN_PARAMETER(
      400,
      "Unknown parameter",
      NEVER,
      "The query has a parameter that the route does not know.",
      "Leave it out, or correct its name; the detail lists those that are known."),
  REPEATED_HEADER(
      400,
      "Repeated header",
      NEVER,
      "A header that counts stands there more than once.",
      "Send it once."),
  STALE_SKU_VERSION(
      412,
      "Stale SKU version",
      FOR_EVER,
      "If-Match named a version, and the SKU was described anew since.",
      "Read the SKU again, decide anew, and send a new key with the actual version.",
      "sku",
      "expectedVersion",
      "actualVersion"),
  UNKNOWN_SKU(
      404,
      "Unknown SKU",
      NEVER,
      "The ledger knows nothing of this SKU that could be told.",
      "Describe the SKU, or register an item of it; a SKU is case-sensitive.",
      "sku"),
  NO_LIST_PRICE(
      404,
      "No list price",
      NEVER,
      "The SKU has no list price that prices could be made from.",
      "Describe the SKU with a unitPrice, or ask for a quote with the price in the cart.",
      "sku"),
  TOO_MANY_LOCATIONS(
      409,
      "Too many locations",
      NEVER,
      "The SKU is stocked at more locations than one answer holds.",
      "Ask for its locations one by one, with GET /v1/stock/{sku}?location=.",
      "sku",
      "limit"),
  VIEWS_UNAVAILABLE(
      503,
      "Views unavailable",
      NEVER,
      "The views cannot be read now, and the ledger has no index that could answer instead. What was"
          + " asked for is unknown, not none.",
      "Come again after Retry-After."),
  UNKNOWN_RUN(
      404,
      "Unknown run",
      NEVER,
      "There never was such a run of reconciliation.",
      "GET /v1/reconciliation/runs lists the last ones."),
  RUN_UNDER_WAY(
      409,
      "Run under way",
      NEVER,
      "A run of reconciliation is under way, in this node or another one.",
      "Wait for its end: GET /v1/reconciliation/runs tells how far it is."),
  FUSE_BLOWN(
      409,
      "Fuse blown",
      NEVER,
      "Too much differed in a run of reconciliation, and nothing is repaired until a person has reset"
          + " the fuse.",
      "Find out why so much differs; rebuild the views, or reset the fuse and ask again. A dry run"
          + " is allowed.",
      "run"),
  TOO_MANY_SKUS(
      400,
      "Too many SKUs",
      NEVER,
      "One question names more different SKUs than bincard.queries.max-skus.",
      "Ask in several questions.",
      "requested",
      "limit"),
  TOO_MANY_STREAMS(
      429,
      "Too many streams",
      NEVER,
      "This client, or all clients together, have as many connections for live stock as this node"
          + " takes.",
      "Close one that is not needed, or come again after Retry-After; several SKUs share one"
          + " connection.",
      "limit"),
  ORIGIN_NOT_ALLOWED(
      403,
      "Origin not allowed",
      NEVER,
      "A page of another origin asked for a socket.",
      "Serve the page from the same origin, or name its origin in bincard.push.allowed-origins."),
  NODE_STOPPING(
      503,
      "Node stopping",
      NEVER,
      "The node goes down and takes no connections for live stock any more.",
      "Connect again at once: another node takes the connection."),

  BAD_REQUEST(
      400,
      "Bad Request",
      NEVER,
      "The server can make no sense of the request.",
      "See /v3/api-docs for what the route takes."),
  NOT_FOUND(
      404,
      "Not Found",
      NEVER,
      "There is no such route.",
      "See /v3/api-docs for the routes there are."),
  METHOD_NOT_ALLOWED(
      405,
      "Method Not Allowed",
      NEVER,
      "The route does not take this method; the Allow header names those it takes.",
      "Use one of them."),
  NOT_ACCEPTABLE(
      406,
      "Not Acceptable",
      NEVER,
      "The Accept header rules out what the route answers with.",
      "Accept application/json and application/problem+json, or leave the header out."),
  UNSUPPORTED_MEDIA_TYPE(
      415,
      "Unsupported Media Type",
      NEVER,
      "The Content-Type is not what the route reads.",
      "Send application/json to the routes of single commands and application/x-ndjson to a batch."),

  NOT_IMPLEMENTED(
      501,
      "Not Implemented",
      NEVER,
      "The request has a method that HTTP does not know.",
      "Use a method that the API document lists."),
  HTTP_VERSION_NOT_SUPPORTED(
      505,
      "HTTP Version Not Supported",
      NEVER,
      "The request is of an HTTP version that the server does not speak.",
      "Speak HTTP/1.1."),
  LEDGER_BUSY(
      503,
      "Ledger busy",
      NEVER,
      "Too many commands wait. Nothing was done.",
      "Come again after Retry-After, with the same key."),
  LEDGER_UNAVAILABLE(
      503,
      "Ledger unavailable",
      NEVER,
      "The ledger cannot be read or written now. Nothing was done.",
      "Come again after Retry-After, with the same key."),
  OUTCOME_UNKNOWN(
      503,
      "Outcome unknown",
      NEVER,
      "The command may have happened or not: its answer was lost on the way from the database.",
      "Send it again with the same key: it is never done twice, and the answer tells what happened."),
  INTERNAL_ERROR(
      500,
      "Internal error",
      NEVER,
      "A fault of the program. Whether the command happened is not known.",
      "Send it again with the same key; if it stays so, look into the log of the server.");

  /** Whether a key that was told of the breach is told the same for ever. */
  public enum Kept {
    /** Stored as the outcome of the command's key. */
    FOR_EVER("for ever, as the answer to the command's key"),
    /** Not stored: the same key may be sent again. */
    NEVER("no; the same key may be sent again");

    private final String words;

    Kept(String words) {
      this.words = words;
    }

    /** The answer to "is it kept?". */
    public String words() {
      return words;
    }
  }

  private final int status;
  private final String title;
  private final Kept kept;
  private final String meaning;
  private final String advice;
  private final List<String> members;

  ProblemType(
      int status, String title, Kept kept, String meaning, String advice, String... members) {
    this.status = status;
    this.title = title;
    this.kept = kept;
    this.meaning = meaning;
    this.advice = advice;
    this.members = List.of(members);
  }

  /** The type called {@code slug}. */
  public static Optional<ProblemType> of(String slug) {
    return Arrays.stream(values()).filter(type -> type.slug().equals(slug)).findFirst();
  }

  /** The rule in kebab case, the last part of the problem's {@code type}. */
  public String slug() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The relative URI that is the problem's {@code type}; it leads to the page of the type. */
  public String uri() {
    return "/problems/" + slug();
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The rule in a few words. */
  public String title() {
    return title;
  }

  /** Whether it becomes the outcome of a command's key. */
  public Kept kept() {
    return kept;
  }

  /** What happened, in one or two sentences. */
  public String meaning() {
    return meaning;
  }

  /** What the caller can do. */
  public String advice() {
    return advice;
  }

  /** The members that a problem of this type has beside those of RFC 9457. */
  public List<String> members() {
    return members;
  }
}
