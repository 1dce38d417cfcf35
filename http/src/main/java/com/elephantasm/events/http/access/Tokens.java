package com.elephantasm.events.http.access;

import com.elephantasm.events.schema.SpiritId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * Knows callers by JWTs that somebody else has signed (RFC 9068): {@code sub} names the caller, {@code scope} or {@code scp} says
 * what it may do, and a claim of ours for which spirits.
 */
final class Tokens implements Authenticator {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);
  private static final Authentication INVALID = new Authentication.Invalid(
      "the token is malformed, expired, not for this service, or not signed by whom it trusts");

  private final JwtDecoder decoder;
  private final AccessSettings.Jwt settings;

  Tokens(JwtDecoder decoder, AccessSettings.Jwt settings) {
    this.decoder = decoder;
    this.settings = settings;
  }

  @Override
  public Authentication authenticate(HttpServletRequest request) {
    List<String> tokens = BearerToken.of(request);
    return switch (tokens.size()) {
      case 0 -> new Authentication.Missing();
      case 1 -> authenticate(tokens.getFirst());
      default -> new Authentication.Invalid("the request has more than one token");
    };
  }

  private Authentication authenticate(String token) {
    try {
      return authenticate(decoder.decode(token));
    } catch (BadJwtException e) {
      LOG.debug("Refused a token", e);
      return INVALID;
    } catch (JwtException | JwtDecoderInitializationException e) {
      // Not louder: it comes with every request until the issuer is back, and the clients are told.
      LOG.debug("Could not verify a token", e);
      return new Authentication.Unavailable();
    }
  }

  private Authentication authenticate(Jwt token) {
    String subject = token.getSubject();
    if (subject == null || subject.isBlank()) {
      return new Authentication.Invalid("the token has no sub");
    }
    if (!token.hasClaim(settings.spiritsClaim())) {
      return settings.spiritsRequired()
          ? new Authentication.Invalid("the token has no " + settings.spiritsClaim())
          : new Authentication.Known(new Caller(subject, scopes(token), Optional.empty()));
    }
    return spirits(token.getClaims().get(settings.spiritsClaim()))
        .<Authentication>map(
            spirits -> new Authentication.Known(new Caller(subject, scopes(token), Optional.of(spirits))))
        .orElseGet(() -> new Authentication.Invalid(
            "the token's %s is not a list of UUIDs".formatted(settings.spiritsClaim())));
  }

  /** Scopes of other services are none of ours. */
  private static Set<Scope> scopes(Jwt token) {
    return Stream.of("scope", "scp").map(token.getClaims()::get).flatMap(Tokens::names).map(Scope::of)
        .flatMap(Optional::stream).collect(Collectors.toSet());
  }

  private static Stream<String> names(@Nullable Object claim) {
    return switch (claim) {
      case String names -> Arrays.stream(names.split(" "));
      case Collection<?> names -> names.stream().map(String::valueOf);
      case null, default -> Stream.empty();
    };
  }

  /** Empty where the claim is no list of ids; an empty list is one, of a token that may see nothing. */
  private static Optional<Set<SpiritId>> spirits(@Nullable Object claim) {
    if (!(claim instanceof Collection<?> ids)) {
      return Optional.empty();
    }
    Set<SpiritId> spirits = new HashSet<>();
    for (Object id : ids) {
      Optional<SpiritId> spirit = id instanceof String text ? SpiritIds.parse(text) : Optional.empty();
      if (spirit.isEmpty()) {
        return Optional.empty();
      }
      spirits.add(spirit.get());
    }
    return Optional.of(spirits);
  }

  @Override
  public String expectation() {
    return "send a token, as 'Authorization: Bearer TOKEN'";
  }
}
