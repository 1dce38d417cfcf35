package com.elephantasm.events.standalone;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;

/** Gives tokens to clients that name themselves (OAuth 2.0, client credentials), and its public key to whoever checks them. */
final class TokenIssuer implements AutoCloseable {
  static final String SECRET = "client-secret";
  static final String AUDIENCE = "kafka";
  private final HttpServer server;
  private final RSAKey key;

  TokenIssuer() throws IOException, JOSEException {
    key = new RSAKeyGenerator(2048).keyID("test").generate();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/token", this::token);
    server.createContext("/keys", exchange -> answer(exchange, 200, new JWKSet(key).toString()));
    server.start();
    // Kafka's clients and broker ask nobody else.
    System.setProperty("org.apache.kafka.sasl.oauthbearer.allowed.urls", tokens() + "," + keys());
  }

  String tokens() {
    return url("/token");
  }

  String keys() {
    return url("/keys");
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private void token(HttpExchange exchange) throws IOException {
    String basic = exchange.getRequestHeaders().getFirst("Authorization").substring("Basic ".length());
    String[] client = new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8).split(":", 2);
    if (!client[1].equals(SECRET)) {
      answer(exchange, 401, "{\"error\": \"invalid_client\"}");
      return;
    }
    answer(exchange, 200,
        "{\"access_token\": \"%s\", \"token_type\": \"Bearer\", \"expires_in\": 3600}".formatted(signed(client[0])));
  }

  private String signed(String subject) {
    Instant now = Instant.now();
    SignedJWT token = new SignedJWT(new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
        new JWTClaimsSet.Builder().subject(subject).audience(AUDIENCE).claim("scope", "kafka")
            .issueTime(Date.from(now)).expirationTime(Date.from(now.plusSeconds(3600))).build());
    try {
      token.sign(new RSASSASigner(key));
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
    return token.serialize();
  }

  private static void answer(HttpExchange exchange, int status, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
