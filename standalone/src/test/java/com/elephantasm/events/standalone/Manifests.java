package com.elephantasm.events.standalone;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/** What is under {@code deploy/kubernetes}: the objects as they stand in the files, and what kustomize makes beside them. */
final class Manifests {
  static final Path ROOT = Path.of("..", "deploy", "kubernetes").normalize();
  private static final String KUSTOMIZATION = "kustomization.yaml";
  private static final Map<String, String> MODELS = Map.of("gateway.networking.k8s.io",
      "io.fabric8.kubernetes.api.model.gatewayapi", "monitoring.coreos.com",
      "io.fabric8.openshift.api.model.monitoring");
  private static final ObjectMapper STRICT = new ObjectMapper()
      .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
      .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
        private static final long serialVersionUID = 1;

        /** The models would keep what they do not know. */
        @Override
        public Boolean hasAnySetter(Annotated annotated) {
          return false;
        }
      });

  private Manifests() {}

  /** One document of a file. */
  record Manifest(Path file, JsonNode json) {
    String kind() {
      return json.path("kind").asString();
    }

    String name() {
      return json.at("/metadata/name").asString();
    }

    @Override
    public String toString() {
      return "%s %s in %s".formatted(kind(), name(), file);
    }
  }

  static List<Manifest> all() {
    return files().filter(file -> !file.endsWith(KUSTOMIZATION)).flatMap(file -> read(file).stream()).toList();
  }

  static List<Manifest> kustomizations() {
    return files().filter(file -> file.endsWith(KUSTOMIZATION)).flatMap(file -> read(file).stream()).toList();
  }

  private static Stream<Path> files() {
    try (Stream<Path> files = Files.walk(ROOT)) {
      return files.filter(file -> file.toString().endsWith(".yaml") && !isSecret(file)).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Somebody's own, which is not checked in. */
  private static boolean isSecret(Path file) {
    return Files.exists(file.resolveSibling(file.getFileName() + ".example"));
  }

  static Manifest one(String kind, String name) {
    return all().stream().filter(manifest -> manifest.kind().equals(kind) && manifest.name().equals(name)).findAny()
        .orElseThrow(() -> new IllegalStateException("there is no %s %s".formatted(kind, name)));
  }

  private static List<Manifest> read(Path file) {
    List<Manifest> manifests = new ArrayList<>();
    try {
      yaml().loadAll(Files.readString(file))
          .forEach(document -> manifests.add(new Manifest(file, Client.JSON.valueToTree(document))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return manifests;
  }

  private static Yaml yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return new Yaml(options);
  }

  /** A YAML file of the services. */
  static JsonNode resource(String name) {
    try (InputStream stream = new ClassPathResource(name).getInputStream()) {
      return Client.JSON.valueToTree(yaml().load(stream));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The variables of a file that a kustomization makes a ConfigMap or a Secret of. */
  static Map<String, String> variables(String file) {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(ROOT.resolve(file))) {
      properties.load(reader);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> variables = new LinkedHashMap<>();
    properties.stringPropertyNames().forEach(name -> variables.put(name, properties.getProperty(name)));
    return variables;
  }

  static String variable(String file, String name) {
    return Objects.requireNonNull(variables(file).get(name), name);
  }

  /**
   * Reads an object with the models of its API: Kubernetes' own know their fields and which are required, those of the Gateway
   * API and of the Prometheus Operator their fields.
   *
   * @throws IllegalArgumentException where the object is not what its API takes
   */
  static void check(Manifest manifest) {
    String apiVersion = manifest.json().path("apiVersion").asString();
    int slash = apiVersion.indexOf('/');
    String group = slash < 0 ? "" : apiVersion.substring(0, slash);
    String version = apiVersion.substring(slash + 1);
    try {
      String models = MODELS.get(group);
      if (models != null) {
        STRICT.readValue(manifest.json().toString(),
            Class.forName("%s.%s.%s".formatted(models, version, manifest.kind())));
      } else {
        Class.forName("io.kubernetes.client.openapi.models." + version.toUpperCase(Locale.ROOT) + manifest.kind())
            .getMethod("validateJsonElement", JsonElement.class)
            .invoke(null, JsonParser.parseString(manifest.json().toString()));
      }
    } catch (InvocationTargetException e) {
      throw new IllegalArgumentException("%s: %s".formatted(manifest, e.getCause()), e);
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalArgumentException("%s: %s".formatted(manifest, e), e);
    }
  }
}
