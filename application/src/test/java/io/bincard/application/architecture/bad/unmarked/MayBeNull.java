package io.bincard.application.architecture.bad.unmarked;

/** Lives in a package without a word about what lives there, and outside NullAway's sight. */
record MayBeNull(String name) {}
