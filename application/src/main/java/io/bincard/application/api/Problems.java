package io.bincard.application.api;

import io.bincard.application.journal.UnreadableStreamException;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.writer.LedgerBusyException;
import io.bincard.application.writer.NotLeadingException;
import io.bincard.application.writer.OutcomeUnknownException;
import io.bincard.application.writer.SingleWriterCommandBus.WriterStoppedException;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.stock.LedgerUnavailableException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.eventsourcing.eventstore.EventStoreException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/** The problem of everything that goes wrong outside a business rule. */
final class Problems {

  private Problems() {}

  /** The problem of {@code failure}, {@code null} if it is none that was foreseen. */
  static @Nullable Problem of(Throwable failure) {
    return switch (failure) {
      case InvalidRequestException e -> e.problem();
      case InvalidValueException e ->
          Problem.of(ProblemType.INVALID_VALUE, String.valueOf(e.getMessage()));
      case LedgerBusyException e ->
          Problem.of(
              ProblemType.LEDGER_BUSY, "too many commands wait; nothing was done, come again");
      case WriterStoppedException e ->
          Problem.of(ProblemType.LEDGER_UNAVAILABLE, "the writer is not running; nothing was done");
      case NotLeadingException e ->
          Problem.of(
              ProblemType.LEDGER_UNAVAILABLE, "no node leads the ledger now; nothing was done");
      case LedgerUnavailableException e -> unreadable();
      case EventStoreException e -> unreadable();
      case UnreadableStreamException e -> unreadable();
      case OutcomeUnknownException e -> outcomeUnknown();
      case CommandDesk.AnswerTimeoutException e -> outcomeUnknown();
      case InvalidParameterException e ->
          Problem.of(
              ProblemType.MALFORMED_PARAMETERS,
              "the query is not percent-encoded UTF-8, or has too many parameters");
      case CommandExecutionException e -> e.getCause() == null ? null : of(e.getCause());
      default -> null;
    };
  }

  private static Problem unreadable() {
    return Problem.of(ProblemType.LEDGER_UNAVAILABLE, "the ledger cannot be read now; ask again");
  }

  private static Problem outcomeUnknown() {
    return Problem.of(
        ProblemType.OUTCOME_UNKNOWN,
        "the command may have happened or not; send it again with the same key to learn which");
  }

  /** The problem of a request that failed with no more than an HTTP status. */
  static Problem ofStatus(int code) {
    if (code == HttpStatus.INTERNAL_SERVER_ERROR.value()) {
      return internal();
    }
    return Problem.of(
        switch (code) {
          case 404 -> ProblemType.NOT_FOUND;
          case 405 -> ProblemType.METHOD_NOT_ALLOWED;
          case 406 -> ProblemType.NOT_ACCEPTABLE;
          case 413 -> ProblemType.BODY_TOO_LARGE;
          case 415 -> ProblemType.UNSUPPORTED_MEDIA_TYPE;
          case 501 -> ProblemType.NOT_IMPLEMENTED;
          case 503 -> ProblemType.LEDGER_UNAVAILABLE;
          case 505 -> ProblemType.HTTP_VERSION_NOT_SUPPORTED;
          default -> code < 500 ? ProblemType.BAD_REQUEST : ProblemType.INTERNAL_ERROR;
        },
        "this is no request that the server can serve; /v3/api-docs lists those it can");
  }

  /** A fault of the program, in words that give nothing away. */
  static Problem internal() {
    return Problem.of(
        ProblemType.INTERNAL_ERROR,
        "this should not have happened; it is in the log of the server");
  }
}
