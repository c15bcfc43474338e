package io.bincard.reconciliation.report;

import java.net.URI;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;

/** Why what was asked of reconciliation is not done or not known, as RFC 9457 says it. */
final class ReconciliationProblem extends RuntimeException {

  private final transient ProblemDetail body;

  private ReconciliationProblem(HttpStatus status, String type, String title, String detail) {
    super(detail, null, false, false);
    this.body = ProblemDetail.forStatusAndDetail(status, detail);
    body.setType(URI.create("/problems/" + type));
    body.setTitle(title);
  }

  ResponseEntity<ProblemDetail> answer() {
    return ResponseEntity.status(body.getStatus())
        .contentType(MediaType.APPLICATION_PROBLEM_JSON)
        .body(body);
  }

  /** There is no run of this name. */
  static ReconciliationProblem unknownRun() {
    return new ReconciliationProblem(
        HttpStatus.NOT_FOUND, "unknown-run", "Unknown run", "There never was such a run.");
  }

  /** One run at a time. */
  static ReconciliationProblem runUnderWay() {
    return new ReconciliationProblem(
        HttpStatus.CONFLICT,
        "run-under-way",
        "Run under way",
        "A run of reconciliation is under way, here or in another node.");
  }

  /** No repairs before a person has looked. */
  static ReconciliationProblem fuseBlown(UUID run) {
    ReconciliationProblem problem =
        new ReconciliationProblem(
            HttpStatus.CONFLICT,
            "fuse-blown",
            "Fuse blown",
            "Too much differed in a run, and nothing is repaired until the fuse is reset.");
    problem.body.setProperty("run", run);
    return problem;
  }

  /** The body is not what the route reads. */
  static ReconciliationProblem malformedJson(String detail) {
    return new ReconciliationProblem(
        HttpStatus.BAD_REQUEST, "malformed-json", "Malformed JSON", detail);
  }

  /** The query has a parameter that the route does not know. */
  static ReconciliationProblem unknownParameter(String detail) {
    return new ReconciliationProblem(
        HttpStatus.BAD_REQUEST, "unknown-parameter", "Unknown parameter", detail);
  }
}
