package io.bincard.application.architecture.bad.projections;

import io.bincard.application.architecture.bad.reconciliation.AsksTheWriter;

/** The read side, folding with the code that is meant to check its fold. */
public record SharesTheFold(AsksTheWriter fold) {}
