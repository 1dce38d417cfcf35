package com.elephantasm.events.standalone;

import static com.elephantasm.events.standalone.Manifests.one;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.elephantasm.events.http.ServiceProcess;
import com.elephantasm.events.standalone.Manifests.Manifest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The manifests are what Kubernetes takes, agree with each other, and with the services that they start. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class KubernetesTest {
  private static final String METADATA = "META-INF/spring-configuration-metadata.json";
  private static final List<String> METHODS = List.of("get", "put", "post", "patch", "delete");

  /** By name; null where there is no default that could be written down. */
  private static final Map<String, @Nullable JsonNode> SETTINGS = new HashMap<>();

  @BeforeAll
  static void readSettings() throws IOException {
    for (URL url : Collections.list(KubernetesTest.class.getClassLoader().getResources(METADATA))) {
      try (InputStream stream = url.openStream()) {
        Client.JSON.readTree(stream).path("properties")
            .forEach(property -> SETTINGS.put(property.path("name").asString(), property.get("defaultValue")));
      }
    }
  }

  private static JsonNode setting(String name) {
    JsonNode value = SETTINGS.get(name);
    if (value == null) {
      throw new IllegalStateException(name + " has no default");
    }
    return value;
  }

  @Test
  void every_object_is_what_its_api_takes() {
    assertThat(Manifests.all()).hasSizeGreaterThan(10).filteredOn(manifest -> !isScaledObject(manifest))
        .allSatisfy(Manifests::check);
  }

  /** There are no models of KEDA's in Maven Central: what it needs is compared one by one below. */
  private static boolean isScaledObject(Manifest manifest) {
    return manifest.kind().equals("ScaledObject");
  }

  @Test
  void a_field_that_is_misspelt_or_left_out_is_found() {
    for (String kind : List.of("Deployment", "HTTPRoute", "PodMonitor")) {
      Manifest good = Manifests.all().stream().filter(manifest -> manifest.kind().equals(kind)).findFirst()
          .orElseThrow();
      Manifest misspelt = new Manifest(good.file(), good.json().deepCopy());
      ((ObjectNode) misspelt.json().path("spec")).put("replica", 2);
      assertThatThrownBy(() -> Manifests.check(misspelt)).hasMessageContaining("replica");
    }
    Manifest without = new Manifest(Path.of("x"), one("Deployment", "ingest-api").json().deepCopy());
    ((ObjectNode) without.json().path("spec")).remove("selector");
    assertThatThrownBy(() -> Manifests.check(without)).hasMessageContaining("selector");
  }

  @Test
  void what_a_kustomization_names_is_there() {
    assertThat(Manifests.kustomizations()).hasSizeGreaterThan(5).allSatisfy(kustomization -> {
      Path folder = kustomization.file().resolveSibling("");
      for (String list : List.of("/resources", "/components")) {
        assertThat(texts(kustomization.json().at(list))).allSatisfy(name -> assertThat(folder.resolve(name)).exists());
      }
      generators(kustomization).flatMap(generator -> Stream.of("envs", "files").map(generator::path))
          .flatMap(files -> texts(files).stream()).forEach(name -> assertThat(
              Files.exists(folder.resolve(name)) || Files.exists(folder.resolve(name + ".example"))).as(name)
              .isTrue());
    });
  }

  private static Stream<JsonNode> generators(Manifest kustomization) {
    return Stream.of("configMapGenerator", "secretGenerator")
        .flatMap(kind -> kustomization.json().path(kind).valueStream());
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  @Test
  void what_an_object_refers_to_is_there() {
    Set<String> names = new HashSet<>();
    Manifests.all().forEach(manifest -> names.add(manifest.kind() + " " + manifest.name()));
    Manifests.kustomizations().forEach(kustomization -> {
      kustomization.json().path("configMapGenerator").forEach(each -> names.add("ConfigMap " + text(each, "/name")));
      kustomization.json().path("secretGenerator").forEach(each -> names.add("Secret " + text(each, "/name")));
    });
    Set<String> wanted = new TreeSet<>();
    deployments().forEach(deployment -> {
      JsonNode pod = deployment.json().at("/spec/template/spec");
      wanted.add("ServiceAccount " + text(pod, "/serviceAccountName"));
      container(deployment).path("envFrom").forEach(from -> wanted.add(from.has("secretRef")
          ? "Secret " + text(from, "/secretRef/name")
          : "ConfigMap " + text(from, "/configMapRef/name")));
      pod.path("volumes").forEach(volume -> {
        if (volume.has("secret")) {
          wanted.add("Secret " + text(volume, "/secret/secretName"));
        }
      });
      assertThat(pod.path("volumes").valueStream().map(volume -> text(volume, "/name")))
          .containsExactlyElementsOf(
              container(deployment).path("volumeMounts").valueStream().map(mount -> text(mount, "/name")).toList());
    });
    wanted.add("Deployment " + text(one("ScaledObject", "event-writer").json(), "/spec/scaleTargetRef/name"));
    wanted.add("Deployment " + text(one("HorizontalPodAutoscaler", "ingest-api").json(), "/spec/scaleTargetRef/name"));
    one("HTTPRoute", "elephantasm-events").json().at("/spec/rules").forEach(rule -> rule.path("backendRefs")
        .forEach(backend -> wanted.add("Service " + text(backend, "/name"))));
    assertThat(names).containsAll(wanted);
  }

  @Test
  void every_selector_selects_the_pods_that_it_means() {
    deployments().forEach(deployment -> {
      String name = deployment.name();
      Set<Map.Entry<String, JsonNode>> labels = deployment.json().at("/spec/template/metadata/labels").properties();
      JsonNode spread = deployment.json().at("/spec/template/spec/topologySpreadConstraints");
      assertThat(spread).isNotEmpty();
      for (JsonNode selector : List.of(deployment.json().at("/spec/selector/matchLabels"),
          one("Service", name).json().at("/spec/selector"),
          one("PodDisruptionBudget", name).json().at("/spec/selector/matchLabels"),
          one("NetworkPolicy", name).json().at("/spec/podSelector/matchLabels"),
          one("NetworkPolicy", "dns").json().at("/spec/podSelector/matchLabels"),
          spread.at("/0/labelSelector/matchLabels"), spread.at("/1/labelSelector/matchLabels"))) {
        assertThat(selector).isNotEmpty();
        assertThat(labels).containsAll(selector.properties());
      }
    });
  }

  @ParameterizedTest
  @ValueSource(strings = {"ingest-api", "event-writer"})
  void the_port_is_that_of_the_service_in_all_that_name_it(String service) {
    JsonNode port = container(one("Deployment", service)).at("/ports/0");
    assertThat(port.path("containerPort").asInt())
        .isEqualTo(Manifests.resource(service + ".yaml").at("/server/port").asInt());
    assertThat(text(one("Service", service).json(), "/spec/ports/0/targetPort")).isEqualTo(text(port, "/name"));
    assertThat(text(one("NetworkPolicy", service).json(), "/spec/ingress/0/ports/0/port"))
        .isEqualTo(text(port, "/name"));
    for (String probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(text(container(one("Deployment", service)), "/%s/httpGet/port".formatted(probe)))
          .isEqualTo(text(port, "/name"));
    }
  }

  @Test
  void the_servers_of_the_settings_are_let_out_to() {
    String kafka = Manifests.variable("base/settings.env", "SPRING_KAFKA_BOOTSTRAP_SERVERS");
    String postgres = Manifests.variable("base/event-writer.env", "SPRING_DATASOURCE_URL");
    assertThat(outPorts("ingest-api")).contains(Integer.parseInt(kafka.replaceAll(".*:", "")));
    assertThat(outPorts("event-writer")).contains(Integer.parseInt(kafka.replaceAll(".*:", "")),
        Integer.parseInt(postgres.replaceAll(".*:(\\d+)/.*", "$1")));
  }

  private static List<Integer> outPorts(String service) {
    return one("NetworkPolicy", service).json().at("/spec/egress").valueStream()
        .flatMap(rule -> rule.path("ports").valueStream()).map(port -> port.path("port").asInt()).toList();
  }

  @Test
  void every_variable_is_a_setting_of_the_services() {
    Set<String> names = new HashSet<>(Manifests.variables("base/settings.env").keySet());
    names.addAll(Manifests.variables("base/event-writer.env").keySet());
    names.addAll(Manifests.variables("components/secrets/database.env.example").keySet());
    Manifests.kustomizations().forEach(kustomization -> generators(kustomization)
        .flatMap(generator -> texts(generator.path("literals")).stream())
        .forEach(literal -> names.add(literal.substring(0, literal.indexOf('=')))));
    Set<String> known = new HashSet<>();
    SETTINGS.keySet().forEach(name -> known.add(name.replace('-', '_').replace('.', '_').toUpperCase(Locale.ROOT)));
    assertThat(names).hasSizeGreaterThan(6);
    names.removeAll(known);
    assertThat(names).isEmpty();
  }

  @Test
  void a_pod_has_the_time_that_its_stop_may_take() {
    deployments().forEach(deployment -> {
      Duration grace = Duration
          .ofSeconds(deployment.json().at("/spec/template/spec/terminationGracePeriodSeconds").asInt());
      Duration sleep = Duration.ofSeconds(container(deployment).at("/lifecycle/preStop/sleep/seconds").asInt());
      assertThat(sleep).isPositive();
      assertThat(grace).isGreaterThan(sleep.plus(ServiceProcess.LONGEST_STOP));
    });
  }

  @Test
  void a_pod_is_what_the_namespace_asks_for() {
    assertThat(text(one("Namespace", "elephantasm").json(), "/metadata/labels/pod-security.kubernetes.io~1enforce"))
        .isEqualTo("restricted");
    deployments().forEach(deployment -> {
      JsonNode pod = deployment.json().at("/spec/template/spec");
      JsonNode container = container(deployment);
      assertThat(pod.path("containers")).hasSize(1);
      assertThat(pod.at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
      assertThat(text(pod, "/securityContext/seccompProfile/type")).isEqualTo("RuntimeDefault");
      assertThat(container.at("/securityContext/allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(texts(container.at("/securityContext/capabilities/drop"))).containsExactly("ALL");
      assertThat(container.at("/securityContext/readOnlyRootFilesystem").asBoolean()).isTrue();
      assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    });
  }

  @Test
  void the_writers_are_scaled_on_the_lag_of_their_own_group_and_never_beyond_the_partitions() {
    JsonNode scaled = one("ScaledObject", "event-writer").json();
    assertThat(text(scaled, "/apiVersion")).isEqualTo("keda.sh/v1alpha1");
    JsonNode trigger = scaled.at("/spec/triggers/0");
    assertThat(text(trigger, "/type")).isEqualTo("kafka");
    // Numbers too: KEDA takes nothing else there.
    assertThat(trigger.path("metadata").valueStream()).allSatisfy(value -> assertThat(value.isString()).isTrue());
    assertThat(text(trigger, "/metadata/topic")).isEqualTo(setting("elephantasm.log.topic").asString());
    assertThat(text(trigger, "/metadata/consumerGroup")).isEqualTo(setting("elephantasm.writer.group").asString());
    assertThat(text(trigger, "/metadata/bootstrapServers"))
        .isEqualTo(Manifests.variable("base/settings.env", "SPRING_KAFKA_BOOTSTRAP_SERVERS"));
    int threads = Integer.parseInt(Manifests.variable("base/event-writer.env", "ELEPHANTASM_WRITER_THREADS"));
    assertThat(scaled.at("/spec/maxReplicaCount").asInt() * threads)
        .isLessThanOrEqualTo(setting("elephantasm.log.partitions").asInt());
  }

  @Test
  void each_operation_is_routed_to_the_service_that_has_it() {
    RouteTable routes = new RouteTable(one("HTTPRoute", "elephantasm-events").json());
    Map<String, String> documents = Map.of("ingest-api", "ingest-api", "event-writer", "event-writer", "dead-letters",
        "event-writer", "replays", "event-writer");
    Map<String, String> routed = new TreeMap<>();
    Map<String, String> owned = new TreeMap<>();
    documents.forEach((document, service) -> Manifests.resource("openapi/%s.yaml".formatted(document)).path("paths")
        .forEachEntry((path, operations) -> METHODS.stream().filter(operations::has).forEach(method -> {
          String operation = method.toUpperCase(Locale.ROOT) + " " + path;
          owned.put(operation, service);
          routed.put(operation,
              String.valueOf(routes.backend(method.toUpperCase(Locale.ROOT), path.replaceAll("\\{\\w+}", "x"))));
        })));
    assertThat(owned).hasSizeGreaterThan(25);
    assertThat(routed).isEqualTo(owned);
    assertThat(routes.backend("GET", "/docs")).isEqualTo("event-writer");
    assertThat(routes.backend("GET", "/ingest-api/docs")).isEqualTo("ingest-api");
    assertThat(routes.backend("GET", "/actuator/metrics")).isNull();
    assertThat(routes.backend("GET", "/ingest-api/actuator/metrics")).isNull();
  }

  @Test
  void prometheus_scrapes_both_services_with_the_key_that_is_for_it() {
    JsonNode monitor = one("PodMonitor", "elephantasm-events").json();
    JsonNode endpoint = monitor.at("/spec/podMetricsEndpoints/0");
    deployments().forEach(deployment -> {
      assertThat(deployment.json().at("/spec/template/metadata/labels").properties())
          .containsAll(monitor.at("/spec/selector/matchLabels").properties());
      assertThat(text(endpoint, "/port")).isEqualTo(text(container(deployment), "/ports/0/name"));
    });
    assertThat(text(endpoint, "/path")).isEqualTo("/actuator/prometheus");
    JsonNode token = generators(Manifests.kustomizations().stream()
        .filter(kustomization -> kustomization.file().endsWith("prometheus/kustomization.yaml")).findAny()
        .orElseThrow())
        .findAny().orElseThrow();
    assertThat(text(endpoint, "/authorization/credentials/name")).isEqualTo(text(token, "/name"));
    // Of a kind whose references kustomize does not know, so the name has to stay as it is.
    assertThat(token.at("/options/disableNameSuffixHash").asBoolean()).isTrue();
    assertThat(texts(token.path("files"))).containsExactly(text(endpoint, "/authorization/credentials/key"));
  }

  private static Stream<Manifest> deployments() {
    return Stream.of("ingest-api", "event-writer").map(name -> one("Deployment", name));
  }

  private static JsonNode container(Manifest deployment) {
    return deployment.json().at("/spec/template/spec/containers/0");
  }

  private static String text(JsonNode json, String pointer) {
    JsonNode value = json.at(pointer);
    assertThat(value.isMissingNode()).as("%s of %s", pointer, json).isFalse();
    return value.asString();
  }
}
