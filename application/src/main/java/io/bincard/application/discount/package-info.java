/**
 * The shell around discounts: takes commands to the domain's decisions and their events to the
 * streams of orders, accounts and the register of policies, all in the writer's one transaction.
 *
 * <p>Which version of the policy prices is the journal's word. Nothing here reads a file.
 */
@NullMarked
package io.bincard.application.discount;

import org.jspecify.annotations.NullMarked;
