package io.bincard.application.api;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.CommandKey;
import io.bincard.application.receipts.Receipt;
import io.bincard.application.receipts.ReceiptTiers;
import io.bincard.application.receipts.Receipts;
import io.bincard.application.writer.SingleWriterCommandBus;
import io.bincard.domain.stock.LedgerUnavailableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** What a key was told. */
@RestController
final class ReceiptController {

  private final DataSource dataSource;
  private final Receipts receipts;
  private final CommandDesk desk;
  private final SingleWriterCommandBus writer;

  ReceiptController(
      DataSource dataSource, Receipts receipts, CommandDesk desk, SingleWriterCommandBus writer) {
    this.writer = writer;
    this.dataSource = dataSource;
    this.receipts = receipts;
    this.desk = desk;
  }

  /**
   * The stored outcome of {@code key}; 404 if the leader never saw it, 410 if it is too old to be
   * known, 202 while it is under way here or at the leader, 503 if there is none to ask.
   */
  @GetMapping(
      path = "/v1/commands/{key}",
      produces = {APPLICATION_JSON_VALUE, Problem.MEDIA_TYPE})
  ResponseEntity<String> outcomeOf(@PathVariable("key") String value) throws InterruptedException {
    CommandKey key = RequestHeaders.key(value);
    if (receipts.ageOf(key) == ReceiptTiers.Age.EXPIRED) {
      throw new InvalidRequestException(CommandCounter.keyExpired());
    }
    Receipt receipt = receiptOf(key);
    boolean isUnderWay = false;
    if (receipt == null) {
      // In this order: what is not under way any more has its receipt.
      isUnderWay = desk.isUnderWay(key) || writer.isUnderWay(key);
      receipt = receiptOf(key);
    }
    if (receipt != null) {
      return json(200, AnswerLine.told(key.key(), receipt.outcome(), false));
    }
    if (isUnderWay) {
      return json(202, AnswerLine.underWay(key.key()));
    }
    throw new InvalidRequestException(
        Problem.of(ProblemType.UNKNOWN_COMMAND, "no command with this key was ever answered"));
  }

  private @Nullable Receipt receiptOf(CommandKey key) {
    try (Connection connection = dataSource.getConnection()) {
      return receipts.find(connection, List.of(key)).get(key);
    } catch (SQLException e) {
      throw new LedgerUnavailableException("the receipts cannot be read", e);
    }
  }

  private static ResponseEntity<String> json(int status, String body) {
    return ResponseEntity.status(status).contentType(MediaType.APPLICATION_JSON).body(body);
  }
}
