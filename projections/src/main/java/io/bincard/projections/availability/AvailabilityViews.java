package io.bincard.projections.availability;

import com.redis.om.spring.repository.RedisEnhancedRepository;

/**
 * The rows by id, for tools and checks. A row read here may belong to an epoch that is over; and
 * nothing may be saved here, for that would pass by the rule that versions move forward.
 */
public interface AvailabilityViews extends RedisEnhancedRepository<AvailabilityView, String> {}
