package io.bincard.application.architecture.bad.reconciliation;

import org.axonframework.commandhandling.gateway.CommandGateway;

/** A reader of the journal that writes to it. */
record SendsACommand(CommandGateway gateway) {}
