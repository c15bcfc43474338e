package io.bincard.projections.viewstore;

import org.jspecify.annotations.Nullable;

/**
 * Members of a set that are asked for, in the order of their bytes.
 *
 * @param after the member that the first one comes after, {@code null} for the first of {@code
 *     prefix}
 * @param prefix what all of them begin with; empty for any
 * @param last what no member comes after but one that begins with it; {@code null} for no end but
 *     that of {@code prefix}
 * @param limit members that are told at most
 */
public record MemberRange(
    String set, @Nullable String after, String prefix, @Nullable String last, int limit) {

  /** The first {@code limit} members of {@code set}. */
  public static MemberRange all(String set, int limit) {
    return new MemberRange(set, null, "", null, limit);
  }
}
