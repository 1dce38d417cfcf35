package com.elephantasm.events.http.access;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.SpiritId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.Set;

/**
 * Who sent a request. A controller's method takes it as a parameter, and asks it before anything is looked up or published: a
 * spirit that a caller may not see is answered as one that is not there, without a look at the store, so that not even the
 * time of the answer tells the two apart.
 *
 * @param name of the key or the subject of the token; what limits per caller are counted by
 * @param spirits the only ones that it may see and change; empty for all
 */
public record Caller(String name, Set<Scope> scopes, Optional<Set<SpiritId>> spirits) {
  /** The caller where nobody is asked who they are. */
  public static final Caller ANYONE = new Caller("anyone", Set.of(Scope.values()), Optional.empty());

  public Caller {
    scopes = Set.copyOf(scopes);
    spirits = spirits.map(Set::copyOf);
  }

  /**
   * The caller of a request, for what is not a controller.
   *
   * @throws IllegalStateException if the request has not come through access control
   */
  public static Caller of(HttpServletRequest request) {
    return CallerRequest.callerOf(request);
  }

  public boolean may(Scope scope) {
    return scopes.contains(scope) || scopes.contains(Scope.ADMIN);
  }

  /** Whether it may for all spirits: what shows the service as a whole shows something of each. */
  boolean mayForAll(Scope scope) {
    return may(scope) && spirits.isEmpty();
  }

  public boolean maySee(SpiritId spirit) {
    return spirits.isEmpty() || spirits.get().contains(spirit);
  }

  /**
   * Whether the event can be of a spirit that the caller may see, as far as the id tells. Where this says no, the event must be
   * answered as one that is not there; where it says yes, the event's spirit must still be asked for with {@link #maySee}.
   */
  public boolean maySee(EventId event) {
    return spirits.isEmpty() || spirits.get().stream().anyMatch(event::mayBeOf);
  }

  /** @throws com.elephantasm.events.http.ProblemException 404 where the caller may not see the spirit */
  public void require(SpiritId spirit) {
    if (!maySee(spirit)) {
      throw Problem.of(ProblemType.UNKNOWN_SPIRIT, "there is no spirit " + spirit).asException();
    }
  }

  /** @throws com.elephantasm.events.http.ProblemException 404 where the caller may not see any spirit that the event can be of */
  public void require(EventId event) {
    if (!maySee(event)) {
      throw Problem.of(ProblemType.UNKNOWN_EVENT, "there is no event " + event).asException();
    }
  }
}
