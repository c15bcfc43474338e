package io.bincard.projections.reading;

import io.bincard.projections.viewstore.MemberRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Goes through a set in its order and picks a page of entries. */
public final class SetWalk {

  /** Members that are read at once where most may be left out. */
  private static final int CHUNK = 200;

  private final ViewLooks looks;
  private final int maxLookedAt;

  /**
   * @param maxLookedAt members that are looked at for one page at most
   */
  public SetWalk(ViewLooks looks, int maxLookedAt) {
    this.looks = looks;
    this.maxLookedAt = maxLookedAt;
  }

  /** The next members of a set. */
  @FunctionalInterface
  public interface Next {

    /**
     * At most {@code limit} of them.
     *
     * @param after the member that the first one comes after, {@code null} for the first of all
     */
    MemberRange members(@Nullable String after, int limit);
  }

  /**
   * A page.
   *
   * @param first the first look: no event up to its position is missing
   * @param next what to ask for next; {@code null} at the end. With a next one a page may have few
   *     entries, or none
   */
  public record Walked<T>(Look first, List<T> entries, @Nullable String next) {

    public Walked {
      entries = List.copyOf(entries);
    }
  }

  /**
   * The entries of {@code page}; empty if the views cannot be read now.
   *
   * @param isPicky whether {@code judge} may leave many out
   * @param judge the entry of each member, in their order; empty for one that is left out
   */
  public <T> Optional<Walked<T>> walk(
      Page page, boolean isPicky, Next set, Function<List<String>, List<Optional<T>>> judge) {
    List<T> entries = new ArrayList<>();
    Look first = null;
    String after = page.after();
    int lookedAt = 0;
    while (true) {
      int wanted = isPicky ? CHUNK : page.limit() - entries.size();
      int chunk = Math.min(wanted, maxLookedAt - lookedAt);
      Optional<Look> look = looks.look(List.of(), List.of(set.members(after, chunk)));
      if (look.isEmpty()) {
        return Optional.empty();
      }
      first = first == null ? look.get() : first;
      List<String> members = look.get().members(0);
      List<Optional<T>> judged = judge.apply(members);
      for (int i = 0; i < members.size(); i++) {
        after = members.get(i);
        judged.get(i).ifPresent(entries::add);
        if (entries.size() == page.limit()) {
          return Optional.of(new Walked<>(first, entries, Page.cursor(after)));
        }
      }
      lookedAt += members.size();
      if (members.size() < chunk || after == null) {
        return Optional.of(new Walked<>(first, entries, null));
      }
      if (lookedAt >= maxLookedAt) {
        return Optional.of(new Walked<>(first, entries, Page.cursor(after)));
      }
    }
  }
}
