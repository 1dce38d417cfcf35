package com.elephantasm.events.http.access;

import com.elephantasm.events.settings.SettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which web pages may call the service from a browser.
 *
 * @param origins each as {@code https://example.com}, or {@code *} alone for all; none by default
 */
@ConfigurationProperties(prefix = "elephantasm.http.cors", ignoreUnknownFields = false)
record CorsSettings(@DefaultValue List<String> origins) {
  private static final Map<String, Integer> DEFAULT_PORTS = Map.of("http", 80, "https", 443);

  /** @throws SettingException if no browser would ever send one of them */
  void requireValid() {
    for (String origin : origins) {
      if (origin.equals("*") ? origins.size() > 1 : !isOrigin(origin)) {
        throw new SettingException("elephantasm.http.cors.origins has '%s', which no browser sends.".formatted(origin),
            "Name origins as https://example.com or http://localhost:3000, without path, closing slash or default port; or * alone for all.");
      }
    }
  }

  private static boolean isOrigin(String text) {
    URI uri = parse(text);
    return uri != null && uri.getScheme() != null && uri.getHost() != null
        && text.equals("%s://%s%s".formatted(uri.getScheme(), uri.getHost(), port(uri)));
  }

  private static @Nullable URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException _) {
      return null;
    }
  }

  private static String port(URI uri) {
    Integer standard = DEFAULT_PORTS.get(uri.getScheme());
    return uri.getPort() == -1 || (standard != null && standard == uri.getPort()) ? "" : ":" + uri.getPort();
  }
}
