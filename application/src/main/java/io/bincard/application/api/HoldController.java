package io.bincard.application.api;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.bincard.application.hold.Holds;
import io.bincard.application.problems.HoldProblems;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.reservation.HoldId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.Set;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes of holds, and of orders that are taken at once. */
@RestController
@RequestMapping(
    path = "/v1",
    produces = {APPLICATION_JSON_VALUE, Problem.MEDIA_TYPE})
final class HoldController {

  private final CommandCounter counter;
  private final Holds holds;

  HoldController(CommandCounter counter, Holds holds) {
    this.counter = counter;
    this.holds = holds;
  }

  @PostMapping(path = "/holds", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> place(HttpServletRequest request) throws Exception {
    return counter.takeBody(CommandForm.PLACE_HOLD, request, null, null);
  }

  @PostMapping(path = "/holds/{hold}/confirmation", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> confirm(@PathVariable String hold, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.CONFIRM_HOLD, request, Field.HOLD, hold);
  }

  @PostMapping(path = "/holds/{hold}/extension", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> extend(@PathVariable String hold, HttpServletRequest request)
      throws Exception {
    return counter.takeBody(CommandForm.EXTEND_HOLD, request, Field.HOLD, hold);
  }

  @DeleteMapping("/holds/{hold}")
  ResponseEntity<String> release(@PathVariable String hold, HttpServletRequest request)
      throws Exception {
    return counter.takeQuery(CommandForm.RELEASE_HOLD, request, Field.HOLD, hold);
  }

  /**
   * The hold as it is now, with its version as tag; 404 if there never was one. Without the tag as
   * long as only the time says that it has expired, or who has the version from before would be
   * told that nothing is different.
   */
  @GetMapping("/holds/{hold}")
  ResponseEntity<String> find(@PathVariable String hold, HttpServletRequest request) {
    RequestParameters.allowOnly(request, Set.of());
    HoldId id;
    try {
      id = HoldId.of(hold);
    } catch (InvalidValueException e) {
      throw new InvalidRequestException(
          Problem.of(ProblemType.INVALID_VALUE, Objects.requireNonNullElse(e.getMessage(), "")));
    }
    Holds.Found found =
        holds.tell(id).orElseThrow(() -> new InvalidRequestException(HoldProblems.unknown(id)));
    ResponseEntity.BodyBuilder answer = ResponseEntity.ok().cacheControl(CacheControl.noCache());
    if (!found.lapsed()) {
      answer.eTag("\"" + found.version() + "\"");
    }
    return answer.body(LedgerJson.write(found));
  }

  @PostMapping(path = "/deductions", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> deduct(HttpServletRequest request) throws Exception {
    return counter.takeBody(CommandForm.DEDUCT_ORDER, request, null, null);
  }
}
