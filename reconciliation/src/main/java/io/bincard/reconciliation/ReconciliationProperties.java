package io.bincard.reconciliation;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * {@code bincard.reconciliation.*}.
 *
 * @param enabled {@code enabled}: whether this node takes part in reconciliation
 */
@ConfigurationProperties("bincard.reconciliation")
public record ReconciliationProperties(@DefaultValue("true") boolean enabled) {}
