package com.elephantasm.events.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.settings.SettingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Settings with which a service does not start, and what it says then. */
@DisplayNameGeneration(ReplaceUnderscores.class)
@ExtendWith(OutputCaptureExtension.class)
class RefusedStartTest {
  private static final String KEY = "elephantasm.access.keys[0].";
  private static final String HASH = new ApiKey("one").sha256();

  private static void assertRefused(CapturedOutput output, String[] settings, String... told) {
    assertThatThrownBy(() -> new TestService(settings).close()).isNotNull();
    assertThat(output.getOut()).contains(told).doesNotContain("\tat ");
  }

  private static String[] keys(String... settings) {
    return Stream.concat(Stream.of("elephantasm.access.mode=api-key"), Arrays.stream(settings).map(KEY::concat))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1", ""})
  void where_nobody_is_asked_nobody_else_gets_in(String address, CapturedOutput output) {
    assertRefused(output, new String[]{"server.address=" + address}, "elephantasm.access.mode is none",
        "server.address is",
        "to api-key or jwt");
  }

  @Test
  void the_management_port_is_no_way_in_either(CapturedOutput output) {
    assertRefused(output, new String[]{"management.server.port=0"}, "management.server.address is not set");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "127.0.0.2", "localhost", "::1"})
  void loopback_addresses_are_taken(String address) {
    try (TestService service = new TestService("server.address=" + address, "management.server.port=0",
        "management.server.address=" + address)) {
      assertThat(service.port("local.server.port")).isPositive();
    } catch (RuntimeException e) {
      // No machine refuses them all: this one may have no IPv6.
      assertThat(address).isEqualTo("::1");
      assertThat(e).isNotInstanceOf(SettingException.class);
    }
  }

  @Test
  void keys_must_be_there_and_complete(CapturedOutput output) {
    assertRefused(output, keys(), "elephantasm.access.keys is empty");
    assertRefused(output, keys("sha256=" + HASH, "scopes=admin"), "keys[0].name is missing");
    assertRefused(output, keys("name=a", "scopes=admin"), "keys[0].sha256", "is missing");
    assertRefused(output, keys("name=a", "sha256=" + HASH), "keys[0].scopes is empty");
    assertRefused(output, keys("name=a", "sha256=" + HASH, "scopes=events:raed"), "'events:raed'",
        "events:read, metrics, and admin");
    assertRefused(output, keys("name=a", "sha256=" + HASH, "scopes=admin", "spirits="), "keys[0].spirits is empty");
    assertRefused(output, keys("name=a", "sha256=" + HASH, "scopes=admin", "spirits=1-1-1-1-1"), "'1-1-1-1-1'");
  }

  @Test
  void a_hash_that_is_none_is_not_shown_as_it_may_be_the_key(CapturedOutput output) {
    String key = ApiKey.random().value();
    assertRefused(output, keys("name=a", "sha256=" + key, "scopes=admin"),
        "keys[0].sha256 must be the SHA-256 of the key");
    assertThat(output.getAll()).doesNotContain(key);
  }

  @Test
  void a_misspelt_list_of_spirits_does_not_open_all_of_them(CapturedOutput output) {
    assertRefused(output,
        keys("name=a", "sha256=" + HASH, "scopes=admin", "spirit=4ed77144-2596-5006-899e-2dbe2ab3832e"),
        "elephantasm.access.keys[0].spirit");
  }

  @Test
  void no_two_keys_are_alike(CapturedOutput output) {
    List<String> settings = new ArrayList<>(List.of(keys("name=a", "sha256=" + HASH, "scopes=admin")));
    settings.addAll(List.of("elephantasm.access.keys[1].name=b", "elephantasm.access.keys[1].scopes=admin",
        "elephantasm.access.keys[1].sha256=" + HASH.toUpperCase(Locale.ROOT)));
    assertRefused(output, settings.toArray(String[]::new), "keys[1].sha256 is that of another key");
    settings.set(4, "elephantasm.access.keys[1].name=a");
    assertRefused(output, settings.toArray(String[]::new), "keys[1].name is 'a'");
  }

  @Test
  void somebody_must_sign_the_tokens(CapturedOutput output) {
    assertRefused(output, new String[]{"elephantasm.access.mode=jwt"}, "nothing says who signs", "issuer-uri");
  }

  @ParameterizedTest
  @ValueSource(strings = {"example.com", "https://example.com/", "https://example.com:443", "https://*.example.com",
      "*,https://example.com", "https://example.com/app", "null", "https://a b"})
  void origins_are_as_browsers_send_them(String origins, CapturedOutput output) {
    assertRefused(output, new String[]{"elephantasm.http.cors.origins=" + origins},
        "elephantasm.http.cors.origins has");
  }

  @Test
  void limits_limit(CapturedOutput output) {
    String prefix = "elephantasm.http.rate-limit.";
    assertRefused(output, new String[]{prefix + "requests=0"}, "rate-limit.requests must be 1 or more");
    assertRefused(output, new String[]{prefix + "requests=5", prefix + "burst=-1"},
        "rate-limit.burst must be 1 or more");
    assertRefused(output, new String[]{prefix + "requests=5", prefix + "window=1500ms"}, "rate-limit.window");
    assertRefused(output, new String[]{prefix + "burst=5"}, "rate-limit.requests is missing");
  }
}
