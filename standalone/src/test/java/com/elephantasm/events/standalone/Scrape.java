package com.elephantasm.events.standalone;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What Prometheus reads of a service: the text format, version 0.0.4. */
record Scrape(List<Sample> samples, Set<String> families) {
  private static final Pattern SAMPLE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  record Sample(String name, Map<String, String> labels, double value) {}

  static Scrape of(Client client) {
    Client.Answer answer = client.get("/actuator/prometheus");
    if (answer.status() != 200) {
      throw new IllegalStateException("the meters are answered with " + answer.status());
    }
    List<Sample> samples = new ArrayList<>();
    Set<String> families = new TreeSet<>();
    for (String line : answer.response().body().lines().toList()) {
      Matcher sample = SAMPLE.matcher(line);
      if (line.startsWith("# TYPE ")) {
        families.add(line.split(" ")[2]);
      } else if (!line.startsWith("#") && sample.matches()) {
        samples.add(new Sample(sample.group(1), labels(sample.group(2)), Double.parseDouble(sample.group(3))));
      }
    }
    return new Scrape(samples, families);
  }

  private static Map<String, String> labels(@Nullable String text) {
    Map<String, String> labels = new LinkedHashMap<>();
    if (text != null) {
      LABEL.matcher(text).results().forEach(label -> labels.put(label.group(1), label.group(2)));
    }
    return labels;
  }

  List<Sample> of(String name) {
    return samples.stream().filter(sample -> sample.name().equals(name)).toList();
  }

  /** Of all samples of that name together. */
  double sum(String name) {
    return of(name).stream().mapToDouble(Sample::value).sum();
  }

  /** The labels that the samples of a name have. */
  Set<String> labelsOf(String name) {
    return of(name).stream().flatMap(sample -> sample.labels().keySet().stream())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Counters of ours, and how often what is measured was: by name, and the value of the label where there is one. */
  Map<String, Double> counts() {
    Map<String, Double> counts = new LinkedHashMap<>();
    for (Sample sample : samples) {
      if (sample.name().matches("elephantasm_.*(_total|_count)")
          || sample.name().equals("elephantasm_batch_size_records_sum")) {
        String label = String.join(" ", sample.labels().values());
        counts.put((sample.name().replaceAll("^elephantasm_|_total$", "") + " " + label).strip(), sample.value());
      }
    }
    return counts;
  }
}
