package io.bincard.projections.rebuild;

import io.bincard.domain.stock.LedgerUnavailableException;
import io.bincard.projections.upkeep.ViewStatus;
import io.bincard.projections.upkeep.ViewStoreWatcher;
import io.bincard.projections.viewstore.Generations;
import io.bincard.projections.viewstore.ViewStore;
import io.bincard.projections.viewstore.ViewStoreMark;
import io.bincard.projections.viewstore.ViewStoreUnavailableException;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;

/**
 * {@code /actuator/views}: which generations there are and how it stands with the run of this node;
 * and what an operator may ask for.
 */
@Endpoint(id = "views")
public final class ViewsEndpoint {

  private final ViewStore store;
  private final ViewStatus status;
  private final ViewStoreWatcher watcher;
  private final Rebuilds rebuilds;

  ViewsEndpoint(ViewStore store, ViewStatus status, ViewStoreWatcher watcher, Rebuilds rebuilds) {
    this.store = store;
    this.status = status;
    this.watcher = watcher;
    this.rebuilds = rebuilds;
  }

  /**
   * What is answered.
   *
   * @param state what this node knows of the store, in one word
   * @param run the one of this node that is under way, or its last one
   */
  public record Answer(
      String state,
      @Nullable ViewStoreMark live,
      @Nullable ViewStoreMark previous,
      @Nullable ViewStoreMark building,
      long head,
      long lag,
      @Nullable Progress run) {}

  /** Why something that was asked for is not done. */
  public record Refusal(String error) {}

  @ReadOperation
  public WebEndpointResponse<Object> views() {
    return answered(200, rebuilds.progress().orElse(null));
  }

  /**
   * Begins or ends a run.
   *
   * @param action {@code rebuild}, {@code rollback} or {@code cancel}
   */
  @WriteOperation
  public WebEndpointResponse<Object> act(String action) {
    try {
      return switch (action) {
        case "cancel" -> answered(202, rebuilds.cancel());
        case "rebuild" -> answered(202, ours().rebuild());
        case "rollback" -> answered(202, ours().rollback());
        default ->
            new WebEndpointResponse<>(
                new Refusal("action must be rebuild, rollback or cancel"), 400);
      };
    } catch (RefusedException e) {
      return new WebEndpointResponse<>(new Refusal(String.valueOf(e.getMessage())), 409);
    } catch (ViewStoreUnavailableException | LedgerUnavailableException e) {
      return new WebEndpointResponse<>(new Refusal(String.valueOf(e.getMessage())), 503);
    }
  }

  /** A generation is made live between two pages, so by the node that takes them. */
  private Rebuilds ours() {
    if (!watcher.isOurs()) {
      throw new RefusedException("another node fills the views: ask that one");
    }
    return rebuilds;
  }

  private WebEndpointResponse<Object> answered(int code, @Nullable Progress run) {
    String state = status.state().getClass().getSimpleName();
    try {
      Generations generations = store.generations();
      return new WebEndpointResponse<>(
          new Answer(
              state,
              mark(generations.live()),
              mark(generations.previous()),
              mark(generations.building()),
              status.head(),
              status.lag(),
              run),
          code);
    } catch (ViewStoreUnavailableException e) {
      return new WebEndpointResponse<>(
          new Answer(state, null, null, null, status.head(), status.lag(), run), code);
    }
  }

  private @Nullable ViewStoreMark mark(long generation) {
    return generation == 0 ? null : store.mark(generation).orElse(null);
  }
}
