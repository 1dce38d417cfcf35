package com.elephantasm.events.http.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.http.access.TestService.Answer;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Callers with tokens, verified by the keys that a server of this test publishes. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class TokenTest {
  private static final String SPIRIT = "4ed77144-2596-5006-899e-2dbe2ab3832e";
  private static final String SPIRITS = "elephantasm_spirits";
  private static final RSAKey KEY = newKey();
  private static final HttpServer ISSUER = issuer();
  private static final TestService SERVICE = service();

  private static RSAKey newKey() {
    try {
      return new RSAKeyGenerator(2048).keyID("1").generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpServer issuer() {
    try {
      HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
      byte[] keys = new JWKSet(KEY.toPublicJWK()).toString().getBytes(StandardCharsets.UTF_8);
      server.createContext("/keys", exchange -> {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, keys.length);
        exchange.getResponseBody().write(keys);
        exchange.close();
      });
      server.start();
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TestService service(String... settings) {
    String jwt = "spring.security.oauth2.resourceserver.jwt.";
    String[] all = Stream
        .concat(Stream.of("elephantasm.access.mode=jwt", jwt + "audiences=elephantasm",
            jwt + "jwk-set-uri=http://127.0.0.1:%d/keys".formatted(ISSUER.getAddress().getPort())),
            Arrays.stream(settings))
        .toArray(String[]::new);
    return new TestService(all);
  }

  @AfterAll
  static void close() {
    SERVICE.close();
    ISSUER.stop(0);
  }

  private static JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder().subject("ada").audience("elephantasm").claim("scope", "openid events:read")
        .expirationTime(Date.from(Instant.now().plusSeconds(600)));
  }

  private static String signed(JWTClaimsSet claims, RSAKey key) {
    try {
      SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(), claims);
      token.sign(new RSASSASigner(key));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What no builder of claims writes. */
  private static String signed(String claims) {
    try {
      JWSObject token = new JWSObject(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KEY.getKeyID()).build(),
          new Payload(claims));
      token.sign(new RSASSASigner(KEY));
      return token.serialize();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Answer get(TestService service, UnaryOperator<JWTClaimsSet.Builder> claims) {
    return get(service, signed(claims.apply(claims()).build(), KEY));
  }

  private static Answer get(TestService service, String token) {
    return service.get("/api/v1/events", "Authorization", "Bearer " + token);
  }

  private static void assertRefused(Answer answer) {
    answer.problem(401, "unauthorized");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"elephantasm\", error=\"invalid_token\"");
  }

  @Test
  void a_token_names_its_caller_and_what_it_may_do() {
    assertThat(get(SERVICE, claims -> claims).body())
        .isEqualTo("Caller[name=ada, scopes=[EVENTS_READ], spirits=Optional.empty]");
    assertThat(get(SERVICE, claims -> claims.claim("scope", null).claim("scp", List.of("events:read", "other"))).body())
        .contains("scopes=[EVENTS_READ]");
    assertThat(get(SERVICE, claims -> claims.claim("scope", "admin")).body()).contains("scopes=[ADMIN]");
    assertThat(get(SERVICE, claims -> claims.claim("scope", "events:write")).problem(403, "forbidden"))
        .contains("events:read");
    get(SERVICE, claims -> claims.claim("scope", null)).problem(403, "forbidden");
    get(SERVICE, claims -> claims.claim("scope", 7)).problem(403, "forbidden");
  }

  @Test
  void a_token_can_be_for_some_spirits() {
    assertThat(get(SERVICE, claims -> claims.claim(SPIRITS, List.of(SPIRIT))).body())
        .contains("spirits=Optional[[%s]]".formatted(SPIRIT));
    assertThat(get(SERVICE, claims -> claims.claim(SPIRITS, List.of())).body()).contains("spirits=Optional[[]]");
  }

  @Test
  void a_list_of_spirits_that_cannot_be_read_lets_nobody_in() {
    for (Object claim : List.of("all", SPIRIT, List.of("1-1-1-1-1"), List.of(SPIRIT, 1), 7, true)) {
      assertRefused(get(SERVICE, claims -> claims.claim(SPIRITS, claim)));
    }
    String claims = "{\"sub\":\"ada\",\"aud\":\"elephantasm\",\"scope\":\"admin\",\"%s\":%s}";
    assertThat(get(SERVICE, signed(claims.formatted("other", "null"))).status()).isEqualTo(200);
    assertRefused(get(SERVICE, signed(claims.formatted(SPIRITS, "null"))));
  }

  @Test
  void the_list_of_spirits_can_be_required_and_have_another_name() {
    try (TestService service = service("elephantasm.access.jwt.spirits-required=true",
        "elephantasm.access.jwt.spirits-claim=agents")) {
      assertRefused(get(service, claims -> claims));
      assertRefused(get(service, claims -> claims.claim(SPIRITS, List.of(SPIRIT))));
      assertThat(get(service, claims -> claims.claim("agents", List.of(SPIRIT))).body()).contains(SPIRIT);
    }
  }

  @Test
  void a_token_that_is_not_good_is_refused() {
    assertRefused(get(SERVICE, claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(600)))));
    assertRefused(get(SERVICE, claims -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(600)))));
    assertRefused(get(SERVICE, claims -> claims.audience("others")));
    assertRefused(get(SERVICE, claims -> claims.audience((String) null)));
    assertRefused(get(SERVICE, claims -> claims.subject(null)));
    assertRefused(get(SERVICE, signed(claims().build(), newKey())));
    assertRefused(get(SERVICE, new PlainJWT(claims().build()).serialize()));
    assertRefused(get(SERVICE, "nonsense"));
    assertRefused(get(SERVICE, ""));
    String good = signed(claims().build(), KEY);
    assertRefused(get(SERVICE, good.substring(0, good.length() - 4)));
  }

  @Test
  void a_token_is_taken_from_its_header_only() {
    String token = signed(claims().build(), KEY);
    Answer answer = SERVICE.get("/api/v1/events?access_token=" + token, "X-API-Key", token);
    assertThat(answer.problem(401, "unauthorized")).contains("Authorization: Bearer");
    assertThat(answer.header("WWW-Authenticate")).isEqualTo("Bearer realm=\"elephantasm\"");
  }

  @Test
  void an_issuer_that_cannot_be_asked_is_a_503_and_no_reason_not_to_start() {
    for (String setting : List.of("jwk-set-uri", "issuer-uri")) {
      try (TestService service = new TestService("elephantasm.access.mode=jwt",
          "spring.security.oauth2.resourceserver.jwt.%s=http://127.0.0.1:1/".formatted(setting))) {
        Answer answer = get(service, claims -> claims);
        answer.problem(503, "internal");
        assertThat(answer.header("Retry-After")).isNotNull();
        assertThat(service.get("/actuator/health").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void a_public_key_in_a_file_is_enough(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("key.pub");
    Files.writeString(file, "-----BEGIN PUBLIC KEY-----\n%s\n-----END PUBLIC KEY-----\n"
        .formatted(Base64.getMimeEncoder().encodeToString(KEY.toRSAPublicKey().getEncoded())));
    try (TestService service = new TestService("elephantasm.access.mode=jwt",
        "spring.security.oauth2.resourceserver.jwt.public-key-location=" + file.toUri())) {
      assertThat(get(service, claims -> claims).status()).isEqualTo(200);
      assertRefused(get(service, signed(claims().build(), newKey())));
    }
  }
}
