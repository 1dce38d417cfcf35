package com.elephantasm.events.standalone;

import com.elephantasm.events.settings.KnownSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/configuration.md}, of the metadata that the compiler makes of the settings, and of when to change each. */
final class ConfigurationPage {
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";
  private static final String OURS = "elephantasm.";
  private static final String PACKAGES = "com.elephantasm.events.";
  private static final Map<String, String> SERVICES = Map.of("log", "both", "http", "both", "ingest", "ingest-api",
      "writer", "event-writer");

  private final SortedMap<String, Setting> metadata = new TreeMap<>();

  /**
   * One setting as its metadata has it.
   *
   * @param source the record that has it; of Boot's own not always known
   * @param defaultValue null where there is none
   */
  record Setting(String name, String type, String description, @Nullable String source, @Nullable String defaultValue) {
    private static Setting of(JsonNode property) {
      return new Setting(property.get("name").asString(), property.path("type").asString("java.lang.String"),
          property.path("description").asString(""), property.path("sourceType").asString(null),
          property.has("defaultValue") ? text(property.get("defaultValue")) : null);
    }

    private static String text(JsonNode value) {
      return value.isArray()
          ? value.valueStream().map(JsonNode::asString).collect(Collectors.joining(","))
          : value.asString();
    }

    private String service() {
      String owner = Objects.requireNonNull(source).substring(PACKAGES.length()).replaceAll("\\..*", "");
      return Objects.requireNonNull(SERVICES.get(owner), owner);
    }
  }

  ConfigurationPage() {
    try {
      for (URL url : Collections.list(ConfigurationPage.class.getClassLoader().getResources(METADATA))) {
        try (InputStream json = url.openStream()) {
          new JsonMapper().readTree(json).get("properties").valueStream().map(Setting::of)
              .forEach(setting -> metadata.put(setting.name(), setting));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Those of this project. */
  List<Setting> settings() {
    return metadata.values().stream().filter(setting -> setting.name().startsWith(OURS)).toList();
  }

  String text() {
    Map<String, String> whenToChange = KnownSettings.load().whenToChange();
    return page(settings().stream().collect(Collectors.groupingBy(Setting::service,
        Collectors.mapping(setting -> row(setting, Objects.requireNonNull(whenToChange.getOrDefault(setting.name(),
            whenToChange.get(setting.name() + "[]")))), Collectors.joining("\n")))));
  }

  private String page(Map<String, String> rowsOfServices) {
    String head = "| setting | what it is | type | default | when to change it |\n|---|---|---|---|---|\n";
    String page = resource("configuration.md");
    for (Map.Entry<String, String> rows : rowsOfServices.entrySet()) {
      page = page.replace("{" + rows.getKey() + "}", head + rows.getValue());
    }
    return page.replace("{spring}", head + springSettings());
  }

  private static String row(Setting setting, String whenToChange) {
    return row(setting.name(), code(setting.description()), type(setting.type()),
        setting.defaultValue() == null ? "none" : "`%s`".formatted(setting.defaultValue()), whenToChange);
  }

  private static String row(String name, String description, String type, String defaults, String whenToChange) {
    return "| `%s` | %s | %s | %s | %s |".formatted(name, description.replace("|", "\\|"), type, defaults,
        whenToChange.replaceAll("\\b(elephantasm|spring|management|server)(\\.[a-z0-9-]+){2,}(=[a-z]+)?", "`$0`"));
  }

  private static String code(String javadoc) {
    return javadoc.replaceAll("\\{@code ([^}]*)}", "`$1`");
  }

  private static String type(String name) {
    return switch (name) {
      case "java.lang.Integer", "java.lang.Long", "java.lang.Short" -> "number";
      case "java.time.Duration" -> "time";
      case "org.springframework.util.unit.DataSize" -> "size";
      case "java.lang.Boolean" -> "`true` or `false`";
      default -> name.matches("java\\.util\\.(List|Set)<.*")
          ? "list"
          : name.startsWith("java.util.Map") ? "map" : constants(name);
    };
  }

  private static String constants(String name) {
    Class<?> type = ClassUtils.resolveClassName(name, null);
    return type.isEnum()
        ? Arrays.stream(type.getEnumConstants())
            .map(each -> "`%s`".formatted(each.toString().toLowerCase(Locale.ROOT).replace('_', '-')))
            .collect(Collectors.joining(", "))
        : type.getSimpleName().equals("InetAddress") ? "address" : "text";
  }

  private String springSettings() {
    Properties whenToChange = new Properties();
    try (InputStream file = ConfigurationPage.class.getResourceAsStream("spring-settings.properties")) {
      whenToChange.load(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return whenToChange.stringPropertyNames().stream().sorted().map(name -> {
      Setting setting = Objects.requireNonNull(metadata.get(name), () -> name + " is none of Spring Boot's");
      // The pool of connections describes none of its own.
      String description = setting.description().isBlank()
          ? name.replaceAll(".*\\.", "").replace('-', ' ') + " of the pool of connections (HikariCP)"
          : setting.description().replaceAll("(?s)\\. .*", ".");
      return row(name, name.startsWith("spring.datasource") ? "Of the event-writer: " + description : description,
          type(setting.type()), defaults(setting), whenToChange.getProperty(name));
    }).collect(Collectors.joining("\n"));
  }

  /** What the services themselves set stands above Boot's own. */
  private static String defaults(Setting setting) {
    Map<String, String> ours = new LinkedHashMap<>();
    for (String file : List.of("http", "ingest-api", "event-writer")) {
      valueIn(file + ".yaml", setting.name()).ifPresent(value -> ours.put(file, "`%s`".formatted(value)));
    }
    if (ours.size() > 1) {
      return ours.entrySet().stream().map(each -> each.getValue() + " in the " + each.getKey())
          .collect(Collectors.joining(", "));
    }
    return ours.values().stream().findFirst()
        .orElse(setting.defaultValue() == null ? "none" : "`%s`".formatted(setting.defaultValue()));
  }

  private static Optional<String> valueIn(String file, String name) {
    try {
      return new YamlPropertySourceLoader().load(file, new ClassPathResource(file)).stream()
          .map(source -> source.getProperty(name)).filter(Objects::nonNull).map(Object::toString).findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String name) {
    try (InputStream file = Objects.requireNonNull(ConfigurationPage.class.getResourceAsStream(name), name)) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
