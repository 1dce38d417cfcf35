package com.elephantasm.events.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;

/**
 * All settings of all services by their names, and when to change each. Those of one service do not stop another: they may come
 * from a file, or from an environment, that both have. In a name {@code []} stands for an index.
 */
public final class KnownSettings {
  static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of("elephantasm");

  private static final String CATALOGUE = "settings.properties";

  private final SortedMap<String, String> whenToChange;
  private final List<Pattern> names;
  private final List<Pattern> variables;

  private KnownSettings(SortedMap<String, String> whenToChange) {
    this.whenToChange = Collections.unmodifiableSortedMap(whenToChange);
    this.names = whenToChange.keySet().stream().map(name -> pattern(name.replace("-", ""))).toList();
    // Boot takes MAXBATCHSIZE and MAX_BATCH_SIZE for max-batch-size.
    this.variables = whenToChange.keySet().stream().map(name -> pattern(name.replace('-', '.'))).toList();
  }

  /** Those that this version has. */
  public static KnownSettings load() {
    Properties catalogue = new Properties();
    try (InputStream bytes = KnownSettings.class.getResourceAsStream(CATALOGUE)) {
      if (bytes == null) {
        throw new IllegalStateException(CATALOGUE + " is missing");
      }
      catalogue.load(new InputStreamReader(bytes, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SortedMap<String, String> settings = new TreeMap<>();
    catalogue.stringPropertyNames().forEach(name -> settings.put(name, catalogue.getProperty(name)));
    return new KnownSettings(settings);
  }

  /** When to change it, by the name of each. */
  public SortedMap<String, String> whenToChange() {
    return whenToChange;
  }

  boolean has(ConfigurationPropertyName name) {
    return matches(names, name);
  }

  boolean hasVariable(ConfigurationPropertyName name) {
    return has(name) || matches(variables, name);
  }

  private static boolean matches(List<Pattern> known, ConfigurationPropertyName name) {
    String uniform = uniform(name);
    return known.stream().anyMatch(each -> each.matcher(uniform).matches());
  }

  /** The one that somebody who wrote this may have meant. */
  Optional<String> closest(ConfigurationPropertyName name) {
    String written = withoutIndexes(name.toString());
    return whenToChange.keySet().stream()
        .min(Comparator.comparingInt(known -> distance(withoutIndexes(known), written)))
        .filter(known -> distance(withoutIndexes(known), written) <= written.length() / 4)
        .map(known -> known.replaceAll("\\[]$", ""));
  }

  /** A list may be one text with commas, and what stands in a list has an index. */
  private static Pattern pattern(String name) {
    return Pattern.compile(name.replace(".", "\\.").replaceAll("\\[]$", "(\\\\[\\\\d+])?").replace("[]", "\\[\\d+]"));
  }

  private static String uniform(ConfigurationPropertyName name) {
    StringBuilder uniform = new StringBuilder();
    for (int i = 0; i < name.getNumberOfElements(); i++) {
      String element = name.getElement(i, ConfigurationPropertyName.Form.UNIFORM);
      uniform.append(name.isNumericIndex(i) ? "[" + element + "]" : (i == 0 ? "" : ".") + element);
    }
    return uniform.toString();
  }

  private static String withoutIndexes(String name) {
    return name.replaceAll("\\[\\d*]", "");
  }

  /** Levenshtein's. */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
