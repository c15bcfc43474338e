package io.bincard.projections.availability;

import com.redis.om.spring.repository.RedisEnhancedRepository;

/**
 * The rows by generation and key, as in {@code 7:availability:A@MAIN}, for tools and checks: Spring
 * Data keeps the first keyspace that it hears of a class, so the generation cannot be a part of it.
 * Nothing may be saved here, for that would pass by the rule that versions move forward.
 */
public interface AvailabilityViews extends RedisEnhancedRepository<AvailabilityView, String> {}
