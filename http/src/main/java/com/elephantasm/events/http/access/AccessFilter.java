package com.elephantasm.events.http.access;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.Rejections;
import com.elephantasm.events.http.access.AccessRules.Requirement;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets requests through whose caller is known and may do what they ask for; challenges are those of RFC 6750. */
final class AccessFilter extends OncePerRequestFilter {
  private static final String CHALLENGE = "Bearer realm=\"elephantasm\"";
  private static final String RETRY_AFTER_SECONDS = "5";

  private final Authenticator authenticator;
  private final Rejections rejections;
  private final AccessRules rules = new AccessRules();

  AccessFilter(Authenticator authenticator, Rejections rejections) {
    this.authenticator = authenticator;
    this.rejections = rejections;
  }

  @Override
  protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    Requirement requirement = rules.of(request);
    switch (authenticator.authenticate(request)) {
      case Authentication.Known(Caller caller) when isMet(requirement, caller) -> {
        if (caller != Caller.ANYONE && !(requirement instanceof Requirement.Nothing)) {
          // HTTP forbids shared caches to keep answers to Authorization (RFC 9111, section 3.5), but not those to a header of ours.
          response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        }
        chain.doFilter(new CallerRequest(request, caller), response);
      }
      case Authentication.Known _ -> refuse(forbidden(requirement), response);
      // A probe must not fail because of an old key in its settings.
      case Authentication _ when requirement instanceof Requirement.Nothing -> chain.doFilter(request, response);
      case Authentication.Missing _ -> refuse(unauthorized(authenticator.expectation(), CHALLENGE), response);
      case Authentication.Invalid(String reason) ->
        refuse(unauthorized(reason, CHALLENGE + ", error=\"invalid_token\""), response);
      case Authentication.Unavailable _ -> refuse(Problem
          .of(ProblemType.INTERNAL, "who calls cannot be verified at the moment; send the request again")
          .withStatus(HttpStatus.SERVICE_UNAVAILABLE).withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS),
          response);
    }
  }

  private void refuse(Problem problem, HttpServletResponse response) throws IOException {
    rejections.ofRequest(problem);
    problem.write(response);
  }

  private static boolean isMet(Requirement requirement, Caller caller) {
    return switch (requirement) {
      case Requirement.Nothing _,Requirement.Name _ -> true;
      case Requirement.Having(Scope scope) -> caller.may(scope);
      case Requirement.HavingForAll(Scope scope) -> caller.mayForAll(scope);
    };
  }

  private static Problem unauthorized(String detail, String challenge) {
    return Problem.of(ProblemType.UNAUTHORIZED, detail).withHeader(HttpHeaders.WWW_AUTHENTICATE, challenge);
  }

  private static Problem forbidden(Requirement requirement) {
    return switch (requirement) {
      case Requirement.Having(Scope scope) -> missing(scope, "the caller does not have it");
      case Requirement.HavingForAll(Scope scope) ->
        missing(scope, "the caller does not have it, or only for some spirits, and this concerns all of them");
      case Requirement.Nothing _,Requirement.Name _ ->
        throw new IllegalStateException("every known caller meets " + requirement);
    };
  }

  private static Problem missing(Scope scope, String why) {
    return Problem.of(ProblemType.FORBIDDEN, "this needs the scope %s; %s".formatted(scope.wireName(), why))
        .withHeader(HttpHeaders.WWW_AUTHENTICATE,
            "%s, error=\"insufficient_scope\", scope=\"%s\"".formatted(CHALLENGE, scope.wireName()));
  }
}
