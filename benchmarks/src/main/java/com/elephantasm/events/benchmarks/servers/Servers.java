package com.elephantasm.events.benchmarks.servers;

import static java.util.Objects.requireNonNull;

import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.writer.WriterApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;

/**
 * A Kafka broker and a PostgreSQL server, each a process of its own on a new temporary folder, and whatever is started beside
 * them. A commit and an acknowledged record are on the disk: fsync and synchronous_commit are on, and Kafka flushes each batch.
 * {@link #close()} ends every process and deletes the folder; the end of this process does too, by whatever signal but SIGKILL.
 */
public final class Servers implements AutoCloseable {
  /** As for a machine that has more to do than run PostgreSQL; what is not here is as the server has it. */
  public static final Map<String, String> POSTGRES_SETTINGS = Map.of("shared_buffers", "2GB", "max_wal_size", "8GB",
      "checkpoint_timeout", "15min");

  private static final String ROLE = "elephantasm";
  private static final Pattern KAFKA_LISTENS = Pattern.compile("Kafka listens on (\\S+)");
  private static final Pattern POSTGRES_LISTENS = Pattern.compile("PostgreSQL listens on jdbc:postgresql://(\\S+)/");

  private final Path folder;
  private final List<JavaProcess> processes = new ArrayList<>();
  private final Thread closeAtExit = new Thread(this::closeAll, "stop-servers");
  private @Nullable JavaProcess kafkaProcess;
  private String kafka = "";
  private String postgres = "";
  private boolean closed;

  private Servers(Path folder) {
    this.folder = folder;
  }

  /** Returns when both answer. */
  public static Servers start() throws IOException, InterruptedException, SQLException {
    Servers servers = new Servers(Files.createTempDirectory("elephantasm-benchmarks-"));
    Runtime.getRuntime().addShutdownHook(servers.closeAtExit);
    try {
      servers.startBoth();
      return servers;
    } catch (RuntimeException | InterruptedException | SQLException e) {
      servers.close();
      throw e;
    }
  }

  private void startBoth() throws InterruptedException, SQLException {
    JavaProcess broker = server("kafka", "kafka", Jvm.KAFKA);
    kafkaProcess = broker;
    try (JavaProcess untuned = server("untuned-postgres", "postgres", Jvm.POSTGRES)) {
      postgres = address(untuned, POSTGRES_LISTENS);
      for (Map.Entry<String, String> setting : POSTGRES_SETTINGS.entrySet()) {
        execute("ALTER SYSTEM SET %s = '%s'".formatted(setting.getKey(), setting.getValue()));
      }
    }
    postgres = address(server("postgres", "postgres", Jvm.POSTGRES), POSTGRES_LISTENS);
    kafka = address(broker, KAFKA_LISTENS);
  }

  /** @param server its command, and the folder of its data */
  private JavaProcess server(String name, String server, List<String> options) {
    List<String> all = new ArrayList<>(options);
    all.add("-Dlogback.configurationFile=benchmarks/server-logback.xml");
    return start(name, all, ServerMain.class,
        List.of(server, "--port", "0", "--data", folder.resolve(server).resolve("data").toString()));
  }

  private static String address(JavaProcess process, Pattern line) throws InterruptedException {
    process.awaitReady(() -> line.matcher(process.log()).find());
    Matcher found = line.matcher(process.log());
    return found.find() ? found.group(1) : "";
  }

  /** Starts any main class of this class path as a process that ends with the servers. */
  public JavaProcess start(String name, List<String> options, Class<?> main, List<String> arguments) {
    return start(name, options, Program.of(main, arguments));
  }

  private synchronized JavaProcess start(String name, List<String> options, Program program) {
    if (closed) {
      throw new IllegalStateException("the servers are closed");
    }
    JavaProcess process = JavaProcess.start(name, folder.resolve(name + ".log"), options, program);
    processes.add(process);
    return process;
  }

  /**
   * Starts a web server as a process that ends with the servers; returns when it is ready.
   *
   * @param readiness the path that is answered with 200 then
   * @param program given the port
   */
  public Service startHttp(String name, List<String> jvm, String readiness, IntFunction<Program> program)
      throws InterruptedException {
    int port = freePort();
    JavaProcess process = start(name, jvm, program.apply(port));
    URI uri = URI.create("http://127.0.0.1:" + port);
    process.awaitReady(() -> Service.isReady(uri.resolve(readiness)));
    return new Service(process, uri);
  }

  /**
   * Starts an event-writer; returns when it is ready, and by then it has begun to consume.
   *
   * @param jvm options, such as {@link Jvm#WRITER}
   * @param settings such as {@code --elephantasm.writer.group=one}
   */
  public Service startWriter(Database store, List<String> jvm, List<String> settings) throws InterruptedException {
    List<String> all = new ArrayList<>(settings);
    all.add("--spring.datasource.url=" + store.url());
    return startService("writer", jvm, all, arguments -> Program.of(WriterApplication.class, arguments));
  }

  /**
   * Starts an ingest-api; returns when it is ready.
   *
   * @param jvm options, such as {@link Jvm#INGEST}
   */
  public Service startIngest(List<String> jvm, List<String> settings) throws InterruptedException {
    List<String> all = new ArrayList<>(settings);
    // What is on this class path only for the writer.
    all.add("--spring.autoconfigure.exclude="
        + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
        + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration");
    return startService("ingest", jvm, all, arguments -> Program.of(IngestApplication.class, arguments));
  }

  /**
   * Starts a service as it is installed, and not as one of this class path; returns when it is ready.
   *
   * @param store for the service that has one
   */
  public Service startInstalled(Installation service, Database store, List<String> jvm, List<String> settings)
      throws InterruptedException {
    List<String> all = new ArrayList<>(settings);
    all.add("--spring.datasource.url=" + store.url());
    return startService(service.name(), jvm, all, service::program);
  }

  private Service startService(String name, List<String> jvm, List<String> settings,
      Function<List<String>, Program> program) throws InterruptedException {
    int port = freePort();
    List<String> all = new ArrayList<>(settings);
    all.add("--spring.kafka.bootstrap-servers=" + kafka);
    all.add("--server.port=" + port);
    JavaProcess process = start(name, jvm, program.apply(all));
    URI uri = URI.create("http://127.0.0.1:" + port);
    process.awaitReady(() -> Service.isReady(uri.resolve("/actuator/health/readiness")));
    return new Service(process, uri);
  }

  /** Below the ports that any system gives to outgoing connections (Linux: from 32768). */
  private static int freePort() {
    while (true) {
      int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
      try (ServerSocket socket = new ServerSocket()) {
        socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
        return port;
      } catch (IOException _) {
        // Somebody else's.
      }
    }
  }

  /**
   * From now on what Kafka acknowledges is on the disk when the operating system writes it, as Kafka's own default is: elsewhere
   * replicas are what keeps it.
   */
  public void leaveFlushingToTheSystem() throws InterruptedException {
    ConfigResource everyBroker = new ConfigResource(ConfigResource.Type.BROKER, "");
    AlterConfigOp never = new AlterConfigOp(
        new ConfigEntry("log.flush.interval.messages", Long.toString(Long.MAX_VALUE)), AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, kafka))) {
      admin.incrementalAlterConfigs(Map.of(everyBroker, List.of(never))).all().get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("Kafka did not take the setting", e);
    }
  }

  /** As {@link JavaProcess#processorTime()}. */
  public Duration kafkaProcessorTime() {
    return requireNonNull(kafkaProcess).processorTime();
  }

  public String bootstrapServers() {
    return kafka;
  }

  /** A temporary folder that is deleted with the servers. */
  public Path folder(String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  /** As the server says it. */
  public String postgresVersion() throws SQLException {
    try (Connection connection = superuser();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SHOW server_version")) {
      rows.next();
      return rows.getString(1);
    }
  }

  /** A new database with the service's tables and indexes, by its own migrations, and no row. */
  public Database newStore(String name) throws SQLException {
    execute("CREATE DATABASE \"%s\" OWNER %s".formatted(name, ROLE));
    Database store = database(name);
    Flyway.configure().dataSource(store.url(), store.username(), store.password()).load().migrate();
    return store;
  }

  /**
   * A new database that is equal to another, file by file, with all of both on the disk: whatever begins on such copies begins
   * alike. Nobody may be connected to the other.
   */
  public Database copy(Database original, String name) throws SQLException {
    execute(
        "CREATE DATABASE \"%s\" OWNER %s TEMPLATE \"%s\" STRATEGY file_copy".formatted(name, ROLE, original.name()));
    execute("CHECKPOINT");
    return database(name);
  }

  /** Ends whatever is connected to it, too. */
  public void drop(Database database) throws SQLException {
    execute("DROP DATABASE \"%s\" WITH (FORCE)".formatted(database.name()));
  }

  private Database database(String name) {
    return new Database(name, "jdbc:postgresql://%s/%s".formatted(postgres, name), ROLE, ROLE);
  }

  /** As the superuser, in the database of that name for maintenance. */
  public void execute(String sql) throws SQLException {
    try (Connection connection = superuser(); Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private Connection superuser() throws SQLException {
    return DriverManager.getConnection("jdbc:postgresql://%s/postgres".formatted(postgres), "postgres",
        superuserPassword());
  }

  private String superuserPassword() {
    try {
      return Files.readString(folder.resolve("postgres").resolve("data").resolve("superuser.password")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    closeAll();
    try {
      Runtime.getRuntime().removeShutdownHook(closeAtExit);
    } catch (IllegalStateException _) {
      // The process is ending: the hook runs, and finds nothing to do.
    }
  }

  /** The servers last: their clients stop cleanly only while they answer. */
  private synchronized void closeAll() {
    closed = true;
    processes.reversed().forEach(JavaProcess::close);
    processes.clear();
    deleteTree(folder);
  }

  private static void deleteTree(Path folder) {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
