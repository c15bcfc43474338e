package io.bincard.reconciliation;

import io.bincard.domain.LedgerHistory;
import io.bincard.reconciliation.decoding.DecodingConfiguration;
import io.bincard.reconciliation.feed.FoldConfiguration;
import javax.sql.DataSource;
import org.axonframework.config.ConfigurerModule;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Import;

/**
 * Reconciliation, in the order of the data's way: its own fold of the journal.
 *
 * <p>Needs of the application a {@link LedgerHistory}, a {@link DataSource} of the ledger's tables
 * and an Axon configuration with a streamable event store and a token store; the processor joins
 * that configuration as a {@link ConfigurerModule}.
 */
@AutoConfiguration
@ConditionalOnProperty(value = "bincard.reconciliation.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ReconciliationProperties.class)
@Import({FoldConfiguration.class, DecodingConfiguration.class})
public class ReconciliationWiring {}
