package io.bincard.application.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.bincard.application.receipts.LedgerJson;
import io.bincard.domain.LedgerCommand;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What a follower sends on, the leader reads as a client's. */
class ForwardedCommandTest {

  private static final String HOLD = "'hold':'00000000-0000-0000-0000-000000000001'";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "place-hold|{'orderId':'o','ttlSeconds':9,'lines':[{'sku':'A','quantity':1},{'sku':'B','location':'N','quantity':2}]}",
        "place-hold|{'orderId':'o','ttlSeconds':9,'locations':['N'],'coupons':['C'],'customer':'c','onExhausted':'skip','lines':[{'sku':'A','quantity':1,'unitPrice':{'amount':5,'currency':'GBP'},'category':'m','attributes':[{'name':'n','value':'v'}]}]}",
        "confirm-hold|{HOLD}",
        "confirm-hold|{HOLD,'rest':'keep','lines':[{'sku':'A','quantity':1}]}",
        "extend-hold|{HOLD,'ttlSeconds':9}",
        "release-hold|{HOLD}",
        "deduct-order|{'orderId':'o','lines':[{'sku':'A','quantity':1},{'sku':'B','location':'N','quantity':2}]}",
      })
  void a_command_is_the_same_after_it_was_sent_on(String type, String sent) {
    LedgerCommand command = read(type, sent.replace("HOLD", HOLD).replace('\'', '"'));

    assertThat(read(type, LedgerJson.write(command))).isEqualTo(command);
  }

  private static LedgerCommand read(String type, String json) {
    return CommandForm.of(type).read((ObjectNode) JsonMapper.shared().readTree(json), null);
  }
}
