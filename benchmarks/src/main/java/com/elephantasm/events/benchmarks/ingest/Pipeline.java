package com.elephantasm.events.benchmarks.ingest;

import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.LongStream;

/** A log and a store that outlive the services between them. */
public final class Pipeline {
  private final Servers servers;
  private final Events events;
  private final LogEnd log;
  private final Database store;
  private long next;

  private Pipeline(Servers servers, Events events, LogEnd log, Database store) {
    this.servers = servers;
    this.events = events;
    this.log = log;
    this.store = store;
  }

  /** The log has the events' spirits then. */
  public static Pipeline prepare(Servers servers, Events events) throws InterruptedException, SQLException {
    Topic.create(servers.bootstrapServers());
    Topic.publish(servers.bootstrapServers(), events.spiritRecords().stream());
    return new Pipeline(servers, events, new LogEnd(servers.bootstrapServers(), Topic.NAME), servers.newStore("store"));
  }

  public Running start(List<String> ingestJvm, List<String> writerJvm, List<String> writerSettings)
      throws InterruptedException {
    Service writer = servers.startWriter(store, writerJvm, writerSettings);
    return new Running(servers.startIngest(ingestJvm, List.of()), writer);
  }

  /** Both services. */
  public final class Running implements AutoCloseable {
    private final Service ingest;
    private final Service writer;

    private Running(Service ingest, Service writer) {
      this.ingest = ingest;
      this.writer = writer;
    }

    /**
     * Uploads events that were not uploaded before, and waits until they are stored.
     *
     * @return seconds until all of them were
     * @throws IllegalStateException where one was not, or a service has ended
     */
    public double upload(int count, int connections) throws Exception {
      List<List<byte[]>> parts = Lines.parts(
          LongStream.range(next, next + count).mapToObj(number -> events.record(number).value()).toList(), connections);
      next += count;
      long start = System.nanoTime();
      Lines.upload(ingest.uri().resolve("/api/v1/events/batch"), parts);
      log.requireStored(store, next);
      double seconds = (System.nanoTime() - start) / 1e9;
      ingest.process().requireRunning();
      writer.process().requireRunning();
      return seconds;
    }

    @Override
    public void close() {
      ingest.close();
      writer.close();
    }
  }
}
