package com.elephantasm.events.http.access;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Who gets in. Unknown settings are errors here: a misspelt {@code spirits} would open all of them.
 *
 * @param mode whom the service asks who they are: nobody, those with a key, or those with a token
 * @param keys those of mode {@code api-key}, none by default
 * @param jwt what mode {@code jwt} makes of tokens; how they are verified is in {@code spring.security.oauth2.resourceserver.jwt}
 */
@ConfigurationProperties(prefix = "elephantasm.access", ignoreUnknownFields = false)
record AccessSettings(@DefaultValue("none") Mode mode, @DefaultValue List<Key> keys, @DefaultValue Jwt jwt) {
  enum Mode {
    /** Everybody may do everything; the service listens on a loopback address only. */
    NONE, API_KEY, JWT
  }

  /**
   * @param sha256 of the key's UTF-8, 64 hexadecimal digits
   * @param scopes {@code events:write}, {@code events:read}, {@code metrics} and {@code admin}
   * @param spirits the only ones that the key is for; where it is missing, the key is for all
   */
  record Key(@Nullable String name, @Nullable String sha256, @DefaultValue List<String> scopes,
      @Nullable List<String> spirits) {}

  /**
   * @param spiritsClaim the claim that lists the only spirits that a token is for
   * @param spiritsRequired whether a token without that claim is refused, instead of being one for all spirits
   */
  record Jwt(@DefaultValue("elephantasm_spirits") String spiritsClaim,
      @DefaultValue("false") boolean spiritsRequired) {}
}
