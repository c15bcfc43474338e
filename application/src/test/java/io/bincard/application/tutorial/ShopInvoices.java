package io.bincard.application.tutorial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** The real shop's invoices that sell something, out of the tutorial's file. */
final class ShopInvoices {

  private static final Path ORDERS =
      Path.of("..", "docs", "tutorial", "a-real-shop", "online-retail-2010-12-to-2011-08.csv.gz");

  /** The newsletter's readers are one of so many customers. */
  private static final int READERS = 5;

  private static final long LEAST_FOR_THE_CODE = 3_000;

  /** Invoice and SKU from the left, the rest from the right of what may hold commas. */
  private static final Pattern LINE =
      Pattern.compile("([^,]*),([^,]*),.*,(-?\\d+),([-\\d]+ [\\d:]+),([^,]*),([^,]*),[^,]*");

  private ShopInvoices() {}

  record Line(String sku, long quantity, long unitPrice) {
    String json() {
      return "{\"sku\":\"%s\",\"quantity\":%d,\"unitPrice\":{\"amount\":%d,\"currency\":\"GBP\"}}"
          .formatted(sku, quantity, unitPrice);
    }
  }

  record Invoice(String number, Instant time, @Nullable String customer, List<Line> lines) {

    long listPrice() {
      return lines.stream().mapToLong(line -> line.quantity() * line.unitPrice()).sum();
    }

    private boolean showsTheCode() {
      return customer != null
          && Long.parseLong(customer) % READERS == 0
          && listPrice() >= LEAST_FOR_THE_CODE;
    }

    /** Members of a command, each with a comma behind it. */
    String customerAndCoupons() {
      return (customer == null ? "" : "\"customer\":\"" + customer + "\",")
          + (showsTheCode() ? "\"coupons\":[\"NEWS5\"]," : "");
    }
  }

  /**
   * The first {@code most} invoices of the file that sell something, in the order of their times.
   */
  static List<Invoice> first(int most) throws IOException {
    Map<String, Invoice> invoices = new LinkedHashMap<>();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(ORDERS)), StandardCharsets.UTF_8))) {
      lines.readLine();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Matcher fields = LINE.matcher(line);
        assertThat(fields.matches()).as(line).isTrue();
        long quantity = Long.parseLong(fields.group(3));
        BigDecimal price = new BigDecimal(fields.group(5));
        if (quantity < 1 || price.signum() < 0) {
          continue; // returned, written off, or a correction of the books
        }
        Instant time = Instant.parse(fields.group(4).replace(' ', 'T') + "Z");
        String customer = fields.group(6).replaceFirst("\\.0$", "");
        invoices
            .computeIfAbsent(
                fields.group(1),
                number ->
                    new Invoice(
                        number, time, customer.isEmpty() ? null : customer, new ArrayList<>()))
            .lines()
            .add(
                new Line(
                    fields.group(2),
                    quantity,
                    price.movePointRight(2).setScale(0, RoundingMode.HALF_EVEN).longValueExact()));
      }
    }
    return invoices.values().stream()
        .sorted(Comparator.comparing(Invoice::time))
        .limit(most)
        .toList();
  }
}
