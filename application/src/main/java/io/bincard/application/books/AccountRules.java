package io.bincard.application.books;

import io.bincard.application.receipts.LedgerJson;
import io.bincard.application.snapshots.StreamFold;
import io.bincard.domain.discount.CampaignAccount;
import io.bincard.domain.discount.DiscountEvent;
import io.bincard.domain.money.CurrencyCode;
import io.bincard.domain.reservation.Reservations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How an account of a campaign comes out of its events, and how its opening balance is written. */
final class AccountRules implements StreamFold.Rules<CampaignAccount> {

  /** Stored: another shape of it needs another {@link CampaignAccount#FOLD_REVISION}. */
  private record Balance(
      Map<String, Long> spent,
      long uses,
      Map<String, List<Promised>> reserved,
      List<Promised> reservedUses) {}

  @Override
  public String revision() {
    return "campaign-account/" + CampaignAccount.FOLD_REVISION;
  }

  @Override
  public CampaignAccount unborn() {
    return CampaignAccount.UNTOUCHED;
  }

  @Override
  public CampaignAccount evolve(CampaignAccount account, Object event) {
    return account.evolve((DiscountEvent.OfAccount) event);
  }

  @Override
  public long sequence(CampaignAccount account) {
    return account.version();
  }

  @Override
  public String write(CampaignAccount account) {
    Map<String, Long> spent = new TreeMap<>();
    account.spent().forEach((currency, amount) -> spent.put(currency.value(), amount));
    Map<String, List<Promised>> reserved = new TreeMap<>();
    account
        .reserved()
        .forEach((currency, amounts) -> reserved.put(currency.value(), Promised.of(amounts)));
    return LedgerJson.write(
        new Balance(spent, account.uses(), reserved, Promised.of(account.reservedUses())));
  }

  @Override
  public int parts(CampaignAccount account) {
    return account.reservedUses().size();
  }

  @Override
  public CampaignAccount read(long sequence, String json) {
    Balance balance = LedgerJson.read(json, Balance.class);
    Map<CurrencyCode, Long> spent = new HashMap<>();
    balance.spent().forEach((currency, amount) -> spent.put(new CurrencyCode(currency), amount));
    Map<CurrencyCode, Reservations> reserved = new HashMap<>();
    balance
        .reserved()
        .forEach(
            (currency, amounts) ->
                reserved.put(new CurrencyCode(currency), Promised.toReservations(amounts)));
    return new CampaignAccount(
        sequence, spent, balance.uses(), reserved, Promised.toReservations(balance.reservedUses()));
  }
}
