package com.elephantasm.events.http.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.security.Principal;
import org.jspecify.annotations.Nullable;

/** A request whose caller is known, to controllers as {@link Caller} and to the actuator as a principal with roles. */
final class CallerRequest extends HttpServletRequestWrapper {
  private static final String ATTRIBUTE = Caller.class.getName();

  private final Caller caller;

  CallerRequest(HttpServletRequest request, Caller caller) {
    super(request);
    this.caller = caller;
    request.setAttribute(ATTRIBUTE, caller);
  }

  /** Kept as an attribute, which later dispatches of the request and other wrappers do not lose. */
  static Caller callerOf(HttpServletRequest request) {
    if (request.getAttribute(ATTRIBUTE) instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("nobody has asked who sends " + request.getRequestURI());
  }

  @Override
  public Principal getUserPrincipal() {
    return caller::name;
  }

  @Override
  public String getRemoteUser() {
    return caller.name();
  }

  /** The only role is that of those who may see the details of the service's health. */
  @Override
  public boolean isUserInRole(@Nullable String role) {
    return Scope.ADMIN.wireName().equals(role) && caller.mayForAll(Scope.ADMIN);
  }
}
