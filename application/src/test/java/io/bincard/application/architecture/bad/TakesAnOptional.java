package io.bincard.application.architecture.bad;

import java.util.Optional;

/** Makes its caller wrap what may be absent. */
record TakesAnOptional(Optional<String> location) {}
