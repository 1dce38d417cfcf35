package com.elephantasm.events.benchmarks.sink;

import com.elephantasm.events.benchmarks.connect.RowId;
import com.elephantasm.events.benchmarks.servers.Program;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A standalone worker of Kafka Connect, a process of its own on a class path of its own, by its REST interface. */
final class ConnectWorker implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Duration LONGEST_ANSWER = Duration.ofMinutes(2);

  private final Service worker;

  private ConnectWorker(Service worker) {
    this.worker = worker;
  }

  /**
   * Returns when its REST interface answers. It runs no connector.
   *
   * @param jvm options
   * @param settings of the worker beside those that it needs
   */
  static ConnectWorker start(Servers servers, List<String> jvm, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path folder = servers.folder("connect");
    return new ConnectWorker(servers.startHttp("connect", jvm, "/connectors", port -> {
      Map<String, String> all = new TreeMap<>(settings);
      all.put("bootstrap.servers", servers.bootstrapServers());
      all.put("listeners", "http://127.0.0.1:" + port);
      all.put("offset.storage.file.filename", folder.resolve("offsets").toString());
      all.put("plugin.discovery", "service_load");
      return new Program(classPath(), "org.apache.kafka.connect.cli.ConnectStandalone",
          List.of(write(folder.resolve("worker.properties"), all).toString()));
    }));
  }

  private static Path write(Path file, Map<String, String> settings) {
    try {
      return Files.write(file,
          settings.entrySet().stream().map(each -> each.getKey() + "=" + each.getValue()).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The module with the sink, and what it depends on. */
  private static String classPath() {
    return own() + File.pathSeparator + String.join(File.pathSeparator, dependencies());
  }

  private static Path own() {
    try {
      return Path.of(RowId.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As the module's build has written them down, beside its classes: {@code -am} builds both. */
  private static List<String> dependencies() {
    try {
      return List.of(Files.readString(own().resolveSibling("runtime.classpath")).strip().split(File.pathSeparator));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Of a dependency, by the name of its file. */
  static String versionOf(String artifact) {
    return dependencies().stream().map(file -> Path.of(file).getFileName().toString())
        .filter(file -> file.startsWith(artifact + "-")).findFirst()
        .map(file -> file.substring(artifact.length() + 1, file.length() - ".jar".length())).orElse("?");
  }

  /** Returns when the worker has taken the connector, which then starts its tasks. */
  void create(String connector, Map<String, String> settings) throws IOException, InterruptedException {
    String json = JSON.writeValueAsString(Map.of("name", connector, "config", settings));
    send(HttpRequest.newBuilder(worker.uri().resolve("/connectors")).header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(json)), 201);
  }

  /** As the worker says it: the state of the connector and of each task, with the trace of one that failed. */
  JsonNode status(String connector) throws IOException, InterruptedException {
    return JSON.readTree(
        send(HttpRequest.newBuilder(worker.uri().resolve("/connectors/%s/status".formatted(connector))), 200));
  }

  /** @throws IllegalStateException where the connector or a task has failed */
  void requireRunning(String connector) throws IOException, InterruptedException {
    String status = status(connector).toString();
    if (status.contains("\"FAILED\"")) {
      throw new IllegalStateException("the sink has failed: " + status);
    }
  }

  private static String send(HttpRequest.Builder request, int status) throws IOException, InterruptedException {
    HttpResponse<String> response = HTTP.send(request.timeout(LONGEST_ANSWER).build(), BodyHandlers.ofString());
    if (response.statusCode() != status) {
      throw new IOException("Kafka Connect answered with %d: %s".formatted(response.statusCode(), response.body()));
    }
    return response.body();
  }

  @Override
  public void close() {
    worker.close();
  }
}
