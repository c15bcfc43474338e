package io.bincard.application.api;

import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.fixture.Approved;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.writer.KeyedCommands;
import io.bincard.domain.LedgerCommand;
import io.bincard.domain.stock.ExpectedVersion;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stored fingerprint is a promise: were the same command to get another one tomorrow, every retry
 * over that night would be told that its key is used.
 */
class FingerprintContractTest {

  private static final Approved APPROVED = new Approved("fingerprints");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** A command of a form, as a client writes it. */
  private static final String POLICY = "1".repeat(64);

  private static final String HOLD = "0198f2f0-0000-8000-8000-000000000001";

  record Sample(String name, String type, String json, ExpectedVersion expected) {

    Sample(String type, String json) {
      this(type, type, json, ExpectedVersion.ANY);
    }

    LedgerCommand command() {
      return CommandForm.of(type).read((ObjectNode) JSON.readTree(json), null);
    }

    String fingerprint() {
      return KeyedCommands.fingerprintOf(
              CommandDesk.message(type, command(), CommandKey.of("k"), expected, null))
          .toString();
    }
  }

  static Stream<Sample> samples() {
    return Stream.of(
        new Sample(
            "register-stock-item",
            """
            {"sku":"RED-MUG","openingQuantity":10,"safetyStock":1,"backorderLimit":2}
            """),
        new Sample(
            "receive-stock", "{\"sku\":\"RED-MUG\",\"quantity\":48,\"document\":\"ASN-77\"}"),
        new Sample("deduct-stock", "{\"sku\":\"RED-MUG\",\"quantity\":2,\"orderId\":\"order-1\"}"),
        new Sample(
            "deduct-stock-at-version-7",
            "deduct-stock",
            "{\"sku\":\"RED-MUG\",\"quantity\":2,\"orderId\":\"order-1\"}",
            new ExpectedVersion.Exactly(7)),
        new Sample("return-stock", "{\"sku\":\"RED-MUG\",\"quantity\":1,\"orderId\":\"order-1\"}"),
        new Sample("adjust-stock", "{\"sku\":\"RED-MUG\",\"delta\":-3,\"reason\":\"broken\"}"),
        new Sample("count-stock", "{\"sku\":\"RED-MUG\",\"counted\":40}"),
        new Sample("set-stock-policy", "{\"sku\":\"RED-MUG\",\"safetyStock\":5}"),
        new Sample("freeze-stock-item", "{\"sku\":\"RED-MUG\",\"reason\":\"count differs\"}"),
        new Sample("unfreeze-stock-item", "{\"sku\":\"RED-MUG\",\"reason\":\"counted twice\"}"),
        new Sample(
            "apply-discount",
            """
            {"orderId":"order-1","lines":[{"sku":"RED-MUG","quantity":2,"unitPrice":{"amount":1999,"currency":"GBP"},
            "category":"mugs","attributes":[{"name":"size","value":"L"},{"name":"brand","value":"acme"}]}],
            "coupons":["XMAS10","ADVENT"],"customer":"anna","onExhausted":"skip","releaseStage":"canary"}
            """),
        new Sample("revoke-discount", "{\"orderId\":\"order-1\"}"),
        new Sample("activate-policy", "{\"fingerprint\":\"" + POLICY + "\"}"),
        new Sample("stage-policy", "{\"fingerprint\":\"" + POLICY + "\"}"),
        new Sample("unstage-policy", "{}"),
        new Sample(
            "describe-sku",
            """
            {"sku":"RED-MUG","name":"Red mug – 250 ml","category":"mugs",
            "unitPrice":{"amount":1999,"currency":"GBP"},"discontinued":true}
            """),
        new Sample(
            "describe-sku-barely",
            "describe-sku",
            "{\"sku\":\"BOX\",\"name\":\"Box\"}",
            ExpectedVersion.ANY),
        new Sample(
            "place-hold",
            """
            {"orderId":"order-1","lines":[{"sku":"RED-MUG","location":"SOUTH","quantity":2,
            "unitPrice":{"amount":1999,"currency":"GBP"},"category":"mugs",
            "attributes":[{"name":"size","value":"L"},{"name":"brand","value":"acme"}]},
            {"sku":"BOX","quantity":1,"unitPrice":{"amount":0,"currency":"GBP"}}],
            "locations":["SOUTH","MAIN"],"coupons":["XMAS10","ADVENT"],"customer":"anna",
            "onExhausted":"skip","releaseStage":"canary","ttlSeconds":900}
            """),
        new Sample(
            "place-hold-without-a-price",
            "place-hold",
            "{\"orderId\":\"order-1\",\"lines\":[{\"sku\":\"RED-MUG\",\"quantity\":2}],\"ttlSeconds\":900}",
            ExpectedVersion.ANY),
        new Sample("extend-hold", "{\"hold\":\"" + HOLD + "\",\"ttlSeconds\":900}"),
        new Sample("confirm-hold", "{\"hold\":\"" + HOLD + "\"}"),
        new Sample(
            "confirm-hold-in-part-at-version-1",
            "confirm-hold",
            "{\"hold\":\""
                + HOLD
                + "\",\"lines\":[{\"sku\":\"RED-MUG\",\"location\":\"SOUTH\",\"quantity\":1},{\"sku\":\"BOX\",\"quantity\":1}],"
                + "\"rest\":\"keep\"}",
            new ExpectedVersion.Exactly(1)),
        new Sample("release-hold", "{\"hold\":\"" + HOLD + "\"}"),
        new Sample(
            "deduct-order",
            """
            {"orderId":"order-1","lines":[{"sku":"RED-MUG","quantity":2},{"sku":"BOX","location":"MAIN","quantity":1}],
            "locations":["SOUTH","MAIN"]}
            """));
  }

  @ParameterizedTest
  @MethodSource("samples")
  void is_the_approved_one(Sample sample) {
    APPROVED.check(sample.name() + ".sha256", sample.fingerprint());
  }

  /** As a node sends it on to the one that leads. */
  @ParameterizedTest
  @MethodSource("samples")
  void its_command_is_the_same_when_it_was_written_and_read_again(Sample sample) {
    ObjectNode written = (ObjectNode) JSON.readTree(LedgerJson.write(sample.command()));

    assertThat(CommandForm.of(sample.type()).read(written, null)).isEqualTo(sample.command());
  }

  @Test
  void every_form_has_a_sample_and_every_sample_a_fingerprint_of_its_own() {
    assertThat(samples().map(Sample::type).collect(toSet())).isEqualTo(CommandForm.all().keySet());
    assertThat(samples().map(Sample::fingerprint)).doesNotHaveDuplicates();
    assertThat(APPROVED.files())
        .isEqualTo(samples().map(sample -> sample.name() + ".sha256").collect(toSet()));
  }

  @Test
  void the_order_of_members_blanks_and_spelled_out_defaults_do_not_count() {
    Map<String, List<String>> same =
        Map.of(
            "deduct-stock",
            List.of(
                "{\"sku\":\"RED-MUG\",\"quantity\":2,\"orderId\":\"order-1\"}",
                "{ \"orderId\" : \"order-1\" , \"quantity\" : 2 , \"sku\" : \"RED-MUG\" }",
                "{\"sku\":\"RED-MUG\",\"location\":\"MAIN\",\"quantity\":2,\"orderId\":\"order-1\"}"),
            "place-hold",
            List.of(
                "{\"orderId\":\"o\",\"lines\":[{\"sku\":\"A\",\"quantity\":2}],\"ttlSeconds\":9}",
                """
                {"ttlSeconds":9,"lines":[{"quantity":2,"sku":"A","location":null,"attributes":[]}],"orderId":"o","locations":[],
                "coupons":[],"customer":null,"onExhausted":"reject","releaseStage":"stable"}
                """),
            "confirm-hold",
            List.of(
                "{\"hold\":\"" + HOLD + "\"}",
                "{\"rest\":\"release\",\"lines\":[],\"hold\":\"" + HOLD + "\"}"),
            "register-stock-item",
            List.of(
                "{\"sku\":\"RED-MUG\"}",
                "{\"sku\":\"RED-MUG\",\"safetyStock\":null}",
                """
                {"sku":"RED-MUG","location":"MAIN","openingQuantity":0,"safetyStock":0,"backorderLimit":0}
                """));

    same.forEach(
        (type, spellings) ->
            assertThat(
                    spellings.stream().map(json -> new Sample(type, json).fingerprint()).distinct())
                .as(type)
                .hasSize(1));
  }
}
