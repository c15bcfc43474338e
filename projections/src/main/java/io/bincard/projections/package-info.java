/**
 * The read side: views of the ledger in Redis and the questions that storefronts ask.
 *
 * <p>{@link io.bincard.projections.ProjectionsWiring} is the table of contents. The application
 * never names this module; Spring Boot finds it on the class path. Everything here can be lost and
 * built again from the journal, so nothing here may decide on a command or be read by one.
 */
@NullMarked
package io.bincard.projections;

import org.jspecify.annotations.NullMarked;
