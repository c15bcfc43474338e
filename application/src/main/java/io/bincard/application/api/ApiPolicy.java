package io.bincard.application.api;

import io.bincard.application.policy.CanonicalPolicy;
import io.bincard.domain.discount.PolicyVersion;
import io.bincard.domain.policy.PolicyFingerprint;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The policy of the examples: ten percent off from two units on. */
final class ApiPolicy {

  private static final CanonicalPolicy POLICY =
      CanonicalPolicy.parse(
          """
          {"currency": "GBP", "currency-digits": 2, "zone": "Europe/London",
           "rule": [{"id": "two-or-more", "volume": [{"from": 2, "percent-off": 10}]}]}
          """);

  static final String CONTENT = POLICY.json();

  static final String FINGERPRINT = POLICY.fingerprint().value();

  private ApiPolicy() {}

  /** The content as a reader sees it. */
  static Map<String, Object> json() {
    return JsonMapper.shared().readValue(CONTENT, new TypeReference<Map<String, Object>>() {});
  }

  static PolicyVersion inForce() {
    return new PolicyVersion(new PolicyFingerprint(FINGERPRINT), CanonicalPolicy.read(CONTENT));
  }
}
