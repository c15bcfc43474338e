package io.bincard.application.api;

import static org.springframework.http.MediaType.APPLICATION_JSON_VALUE;

import io.bincard.application.discount.PolicyHistory;
import io.bincard.application.problems.Problem;
import io.bincard.application.problems.ProblemType;
import io.bincard.application.receipts.LedgerJson;
import io.bincard.domain.InvalidValueException;
import io.bincard.domain.policy.PolicyFingerprint;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The routes of discount policies: which there are, what they say, and which one prices. */
@RestController
@RequestMapping(
    path = "/v1/policies",
    produces = {APPLICATION_JSON_VALUE, Problem.MEDIA_TYPE})
final class PolicyController {

  private final CommandCounter counter;
  private final PolicyHistory history;

  PolicyController(CommandCounter counter, PolicyHistory history) {
    this.counter = counter;
    this.history = history;
  }

  @PutMapping(path = "/in-force", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> activate(HttpServletRequest request) throws Exception {
    return counter.takeBody(CommandForm.ACTIVATE_POLICY, request, null, null);
  }

  @PutMapping(path = "/staged", consumes = APPLICATION_JSON_VALUE)
  ResponseEntity<String> stage(HttpServletRequest request) throws Exception {
    return counter.takeBody(CommandForm.STAGE_POLICY, request, null, null);
  }

  @DeleteMapping("/staged")
  ResponseEntity<String> unstage(HttpServletRequest request) throws Exception {
    return counter.takeQuery(CommandForm.UNSTAGE_POLICY, request, null, null);
  }

  /** What is in force, and how it came to that. */
  @GetMapping
  ResponseEntity<String> policies(HttpServletRequest request) {
    RequestParameters.allowOnly(request, Set.of());
    return ResponseEntity.ok(LedgerJson.write(history.policies()));
  }

  /** The canonical form of a version, to the byte. */
  @GetMapping("/{fingerprint}")
  ResponseEntity<String> content(
      @PathVariable("fingerprint") String value, HttpServletRequest request) {
    RequestParameters.allowOnly(request, Set.of());
    PolicyFingerprint fingerprint = fingerprint(value);
    return ResponseEntity.ok(history.content(fingerprint).orElseThrow(() -> unknown(fingerprint)));
  }

  /** What the version {@code fingerprint} has otherwise than the one before it. */
  @GetMapping("/{before}/diff/{after}")
  ResponseEntity<String> difference(
      @PathVariable String before, @PathVariable String after, HttpServletRequest request) {
    RequestParameters.allowOnly(request, Set.of());
    PolicyFingerprint from = fingerprint(before);
    PolicyFingerprint to = fingerprint(after);
    return ResponseEntity.ok(
        LedgerJson.write(
            history
                .difference(from, to)
                .orElseThrow(() -> unknown(history.content(from).isEmpty() ? from : to))));
  }

  private static PolicyFingerprint fingerprint(String value) {
    try {
      return new PolicyFingerprint(value);
    } catch (InvalidValueException e) {
      throw new InvalidRequestException(
          Problem.of(ProblemType.INVALID_VALUE, Objects.requireNonNullElse(e.getMessage(), "")));
    }
  }

  private static InvalidRequestException unknown(PolicyFingerprint fingerprint) {
    return new InvalidRequestException(
        Problem.of(
            ProblemType.UNKNOWN_POLICY,
            "the ledger never had this version",
            Map.of("fingerprint", fingerprint.value())));
  }
}
