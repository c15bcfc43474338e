package io.bincard.benchmarks.pricing;

import io.bincard.domain.cart.Cart;
import io.bincard.domain.cart.CartLine;
import io.bincard.domain.policy.Rule;
import java.util.ArrayList;
import java.util.List;
import org.drools.model.codegen.ExecutableModelProject;
import org.kie.api.KieServices;
import org.kie.api.builder.KieBuilder;
import org.kie.api.builder.KieFileSystem;
import org.kie.api.builder.Message;
import org.kie.api.runtime.KieSession;
import org.kie.api.runtime.rule.FactHandle;

/**
 * Drools, told the rules as it is told many of one kind: as facts, which two rules of its language
 * join with the lines of a cart by what Drools indexes. The session keeps the rules; a cart comes
 * and goes.
 */
public final class RuleEngine implements Pricer, AutoCloseable {

  private static final String LANGUAGE =
      """
      package io.bincard.benchmarks.pricing.rules;
      import io.bincard.benchmarks.pricing.RuleEngine.Item;
      import io.bincard.benchmarks.pricing.RuleEngine.Deal;

      rule "of a SKU" when
        $item : Item()
        $deal : Deal(sku == $item.sku, from <= $item.at, until > $item.at)
      then
        $item.offer($deal);
      end

      rule "of a category" when
        $item : Item()
        $deal : Deal(category == $item.category, from <= $item.at, until > $item.at)
      then
        $item.offer($deal);
      end
      """;

  private final KieSession session;
  private final long now;

  /** A rule as a fact; of SKU and category one is empty. */
  public static final class Deal {
    private final Rule rule;

    Deal(Rule rule) {
      this.rule = rule;
    }

    public String getSku() {
      return rule.scope().skus().stream().findFirst().map(sku -> sku.value()).orElse("");
    }

    public String getCategory() {
      return rule.scope().categories().stream().findFirst().map(id -> id.value()).orElse("");
    }

    public long getFrom() {
      return rule.conditions().from() == null
          ? Long.MIN_VALUE
          : rule.conditions().from().toEpochMilli();
    }

    public long getUntil() {
      return rule.conditions().until() == null
          ? Long.MAX_VALUE
          : rule.conditions().until().toEpochMilli();
    }
  }

  /** A line as a fact, and the best deal that was offered for it. */
  public static final class Item {
    private final CartLine line;
    private final long at;
    private long best;

    Item(CartLine line, long at) {
      this.line = line;
      this.at = at;
    }

    public String getSku() {
      return line.sku().value();
    }

    public String getCategory() {
      return line.category() == null ? "none" : line.category().value();
    }

    public long getAt() {
      return at;
    }

    /** Takes {@code deal} if it saves more than those before. */
    public void offer(Deal deal) {
      best =
          Math.max(
              best,
              NaiveLoop.saving(deal.rule.benefit(), line.listPrice(), line.quantity().units()));
    }
  }

  RuleEngine(Market market) {
    // Its own compiler does not know the classes of this Java.
    System.setProperty("drools.dialect.java.compiler", "NATIVE");
    now = market.now().toInstant().toEpochMilli();
    KieServices services = KieServices.Factory.get();
    KieFileSystem files = services.newKieFileSystem();
    files.write("src/main/resources/io/bincard/benchmarks/pricing/rules/market.drl", LANGUAGE);
    KieBuilder builder = services.newKieBuilder(files).buildAll(ExecutableModelProject.class);
    if (builder.getResults().hasMessages(Message.Level.ERROR)) {
      throw new IllegalStateException(builder.getResults().getMessages().toString());
    }
    session =
        services
            .newKieContainer(builder.getKieModule().getReleaseId())
            .getKieBase()
            .newKieSession();
    market.policy().rules().forEach(rule -> session.insert(new Deal(rule)));
    session.fireAllRules();
  }

  @Override
  public long price(Cart cart) {
    List<Item> items = new ArrayList<>(cart.lines().size());
    List<FactHandle> handles = new ArrayList<>(cart.lines().size());
    for (CartLine line : cart.lines()) {
      Item item = new Item(line, now);
      items.add(item);
      handles.add(session.insert(item));
    }
    session.fireAllRules();
    handles.forEach(session::delete);
    long sum = 0;
    for (Item item : items) {
      sum += item.line.listPrice() - item.best;
    }
    return sum;
  }

  @Override
  public void close() {
    session.dispose();
  }
}
