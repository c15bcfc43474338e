package io.bincard.application.architecture.bad.application;

import io.bincard.application.architecture.bad.projections.SharesTheFold;

/** The write side, with the read side in its hand. */
public record WritesTheView(SharesTheFold view) {}
