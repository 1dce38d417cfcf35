package com.elephantasm.events.http.access;

import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.settings.SettingException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Knows callers by the hash of their key. What the time of a look-up tells of hashes tells nothing of keys. */
final class ApiKeys implements Authenticator {
  static final String HEADER = "X-API-Key";

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final String MAKE_ONE = "Make a key with 'java -jar elephantasm-events.jar key create --help'.";

  private final Map<String, Caller> callers = new HashMap<>();

  /** @throws SettingException if a key is not as it must be, or there is none */
  ApiKeys(List<AccessSettings.Key> keys) {
    if (keys.isEmpty()) {
      throw new SettingException(
          "elephantasm.access.mode is api-key, and elephantasm.access.keys is empty: nobody could get in.",
          MAKE_ONE);
    }
    Set<String> names = new HashSet<>();
    for (int i = 0; i < keys.size(); i++) {
      add("elephantasm.access.keys[%d]".formatted(i), keys.get(i), names);
    }
  }

  private void add(String setting, AccessSettings.Key key, Set<String> names) {
    String name = key.name();
    if (name == null || name.isBlank()) {
      throw new SettingException(setting + ".name is missing.", "Give each key a name that tells whose it is.");
    }
    if (!names.add(name)) {
      throw new SettingException("%s.name is '%s', as that of another key is.".formatted(setting, name),
          "Give each key a name of its own: callers are told apart by it.");
    }
    if (callers.put(hash(setting, key.sha256()),
        new Caller(name, scopes(setting, key.scopes()), spirits(setting, key.spirits()))) != null) {
      throw new SettingException("%s.sha256 is that of another key too.".formatted(setting),
          "Make a key for each caller; one key cannot be two.");
    }
  }

  private static String hash(String setting, @Nullable String sha256) {
    if (sha256 == null || !SHA_256.matcher(sha256).matches()) {
      // Not shown: it may be the key itself.
      throw new SettingException("%s.sha256 must be the SHA-256 of the key as 64 hexadecimal digits, and is %s."
          .formatted(setting, sha256 == null ? "missing" : "none"), MAKE_ONE);
    }
    return sha256.toLowerCase(Locale.ROOT);
  }

  private static Set<Scope> scopes(String setting, List<String> names) {
    if (names.isEmpty()) {
      throw new SettingException(setting + ".scopes is empty: the key could do nothing.", Scope.CHOICE);
    }
    Set<Scope> scopes = new LinkedHashSet<>();
    for (String name : names) {
      scopes.add(Scope.of(name).orElseThrow(
          () -> new SettingException("%s.scopes has '%s', which is no scope.".formatted(setting, name), Scope.CHOICE)));
    }
    return scopes;
  }

  private static Optional<Set<SpiritId>> spirits(String setting, @Nullable List<String> ids) {
    if (ids == null) {
      return Optional.empty();
    }
    if (ids.isEmpty()) {
      throw new SettingException(setting + ".spirits is empty: the key could see nothing.",
          "Name the spirits that the key is for, or leave the setting out for a key to all of them.");
    }
    Set<SpiritId> spirits = new LinkedHashSet<>();
    for (String id : ids) {
      spirits.add(SpiritIds.parse(id).orElseThrow(() -> new SettingException(
          "%s.spirits has '%s', which is no UUID of 36 characters.".formatted(setting, id),
          "Name spirits by their ids.")));
    }
    return Optional.of(spirits);
  }

  @Override
  public Authentication authenticate(HttpServletRequest request) {
    Set<String> keys = new HashSet<>(BearerToken.of(request));
    keys.addAll(Collections.list(request.getHeaders(HEADER)));
    return switch (keys.size()) {
      case 0 -> new Authentication.Missing();
      case 1 -> authenticate(new ApiKey(keys.iterator().next()));
      default -> new Authentication.Invalid("the request has more than one key");
    };
  }

  private Authentication authenticate(ApiKey key) {
    Caller caller = callers.get(key.sha256());
    return caller == null
        ? new Authentication.Invalid("the key is none that is known here")
        : new Authentication.Known(caller);
  }

  @Override
  public String expectation() {
    return "send a key, as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'";
  }
}
