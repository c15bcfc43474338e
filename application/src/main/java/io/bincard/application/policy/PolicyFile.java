package io.bincard.application.policy;

/**
 * A file with a part of a policy.
 *
 * @param name as errors tell it, relative to the folder of policies
 * @param layer 0 for what holds everywhere, 1 for what holds in one environment and goes before it
 * @param content TOML
 */
public record PolicyFile(String name, int layer, String content) {}
