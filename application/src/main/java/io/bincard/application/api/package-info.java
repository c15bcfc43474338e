/**
 * The command API over HTTP: reads requests strictly, hands commands to Axon's gateway, writes
 * answers.
 *
 * <p>{@link io.bincard.application.api.CommandForm} is the one table of what a command looks like;
 * the routes, the batch and the OpenAPI document all come from it. Decisions are made elsewhere.
 */
@NullMarked
package io.bincard.application.api;

import org.jspecify.annotations.NullMarked;
