package com.elephantasm.events.faults.cluster;

import com.elephantasm.events.faults.load.Endpoints;
import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.writer.WriterApplication;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/** The pipeline as it runs in production, on one machine: three brokers, one database, two of each service. */
public final class Cluster implements AutoCloseable {
  private static final int SERVICES_OF_A_KIND = 2;
  private static final int BROKER_DISK = 1_500; // MB
  private static final int DATABASE_DISK = 3_000; // MB

  private final List<Broker> brokers;
  private final PostgresNode database;
  private final List<Link> databaseLinks = new ArrayList<>();
  private final List<Service> ingest = new ArrayList<>();
  private final List<Service> writers = new ArrayList<>();
  private final List<Disk> disks = new ArrayList<>();
  private final Thread closeAtExit = new Thread(this::closeAll, "stop-cluster");

  private Cluster(Path folder) {
    Path logs = createDirectory(folder.resolve("logs"));
    this.brokers = brokers(folder, logs);
    int databasePort = Ports.free();
    Disk databaseDisk = Disk.create("database", folder.resolve("database"), DATABASE_DISK);
    disks.add(databaseDisk);
    this.database = new PostgresNode(databaseDisk.folder(), databasePort);
    String kafka = "--spring.kafka.bootstrap-servers=" + bootstrapServers();
    for (int i = 1; i <= SERVICES_OF_A_KIND; i++) {
      ingest.add(Service.create("ingest-" + i, IngestApplication.class, logs, List.of(kafka, WITHOUT_DATABASE)));
      Link link = new Link("writer-%d's database".formatted(i), Ports.free(), databasePort);
      databaseLinks.add(link);
      writers.add(Service.create("writer-" + i, WriterApplication.class, logs, List.of(kafka,
          "--spring.datasource.url=jdbc:postgresql://127.0.0.1:%d/elephantasm".formatted(link.port()))));
    }
  }

  /** What is on this class path only for the writer. */
  private static final String WITHOUT_DATABASE = "--spring.autoconfigure.exclude="
      + "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration,"
      + "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration";

  private List<Broker> brokers(Path folder, Path logs) {
    Broker.Places places = new Broker.Places(ports(), ports(), ports());
    Uuid id = Uuid.randomUuid();
    return IntStream.rangeClosed(1, Broker.COUNT).parallel().mapToObj(broker -> {
      Disk disk = Disk.create("broker-" + broker, folder.resolve("broker-" + broker), BROKER_DISK);
      synchronized (disks) {
        disks.add(disk);
      }
      return Broker.create(broker, id, places, disk.folder(), logs);
    }).toList();
  }

  private static List<Integer> ports() {
    return Stream.generate(Ports::free).limit(Broker.COUNT).toList();
  }

  private static Path createDirectory(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts everything, with its data in the folder and its logs in {@code logs} there, and waits until all of it is ready.
   *
   * @param folder empty, or made here
   */
  public static Cluster start(Path folder, Duration patience) {
    Cluster cluster = new Cluster(folder);
    Runtime.getRuntime().addShutdownHook(cluster.closeAtExit);
    try {
      Instant until = Instant.now().plus(patience);
      cluster.brokers.forEach(broker -> broker.node().start());
      cluster.database.start();
      cluster.brokers.forEach(broker -> awaitReady(broker.node(), until));
      Stream.concat(cluster.ingest.stream(), cluster.writers.stream()).forEach(service -> service.node().start());
      Stream.concat(cluster.ingest.stream(), cluster.writers.stream())
          .forEach(service -> awaitReady(service.node(), until));
      return cluster;
    } catch (RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  private static void awaitReady(Node node, Instant until) {
    while (!node.isReady()) {
      if (!node.isRunning()) {
        throw new IllegalStateException(node.name() + " has ended; see its log");
      }
      if (Instant.now().isAfter(until)) {
        throw new IllegalStateException(node.name() + " does not become ready; see its log");
      }
      LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
    }
  }

  public List<Broker> brokers() {
    return brokers;
  }

  public PostgresNode database() {
    return database;
  }

  /** The ways from each writer to the database, in the order of the writers. */
  public List<Link> databaseLinks() {
    return databaseLinks;
  }

  public List<Service> ingest() {
    return ingest;
  }

  public List<Service> writers() {
    return writers;
  }

  public Disk diskOf(String node) {
    return disks.stream().filter(disk -> disk.name().equals(node)).findFirst().orElseThrow();
  }

  public boolean disksCanBeFilled() {
    return disks.stream().allMatch(Disk::canBeFilled);
  }

  public String bootstrapServers() {
    return brokers.stream().map(broker -> "127.0.0.1:" + broker.clients().port()).collect(Collectors.joining(","));
  }

  public Endpoints endpoints() {
    return new Endpoints(ingest.stream().map(Service::uri).toList(), writers.stream().map(Service::uri).toList(),
        bootstrapServers(), database.jdbcUrl(), database.username(), database.password());
  }

  /** All of it, the servers first. */
  public List<Node> nodes() {
    return Stream.of(brokers.stream().map(Broker::node), Stream.of(database), ingest.stream().map(Service::node),
        writers.stream().map(Service::node)).<Node>flatMap(nodes -> nodes).toList();
  }

  /** Kills everything; the logs stay. */
  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(closeAtExit);
    closeAll();
  }

  private void closeAll() {
    nodes().reversed().forEach(node -> {
      node.thaw();
      node.kill();
    });
    Stream.of(brokers.stream().map(Broker::clients), brokers.stream().map(Broker::replication),
        databaseLinks.stream(), ingest.stream().map(Service::callers), writers.stream().map(Service::callers))
        .flatMap(links -> links).forEach(Link::close);
    disks.forEach(Disk::close);
  }
}
