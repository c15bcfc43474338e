package io.bincard.application.journal;

import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.axonframework.common.IdentifierFactory;

/**
 * The ids that Axon gives to messages which nobody stores: commands and their results. They tell
 * messages apart and are no secret, so they need no secure random numbers, which would cost the
 * writer more than many a decision. Stored events have ids of their own, see {@link EventIds}.
 *
 * <p>Axon finds this class through {@code META-INF/services}.
 */
public final class MessageIds extends IdentifierFactory {

  @Override
  public String generateIdentifier() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new UUID(
            (random.nextLong() & 0xffff_ffff_ffff_0fffL) | 0x4000L,
            (random.nextLong() & 0x3fff_ffff_ffff_ffffL) | 0x8000_0000_0000_0000L)
        .toString();
  }
}
