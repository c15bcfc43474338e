package io.bincard.domain.architecture.bad;

import org.springframework.core.io.ByteArrayResource;

/** Names a class of Spring, which the domain must not know. */
record AsksAFramework(ByteArrayResource resource) {}
