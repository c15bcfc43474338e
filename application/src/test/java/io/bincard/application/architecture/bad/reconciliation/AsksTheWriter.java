package io.bincard.application.architecture.bad.reconciliation;

import io.bincard.application.architecture.bad.application.WritesTheView;

/** Reconciliation, taking the write side's word for what it should find out. */
public record AsksTheWriter(WritesTheView writer) {}
