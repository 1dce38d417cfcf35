package com.elephantasm.events.benchmarks.drain;

import com.elephantasm.events.benchmarks.Options;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import com.elephantasm.events.benchmarks.servers.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writers that share a topic. */
final class Writers implements AutoCloseable {
  private final List<Service> services = new ArrayList<>();

  /** Starts as many as the options say, all at once; returns when each is ready, and by then it has begun to consume. */
  static Writers start(Servers servers, Database store, Options options, List<String> settings)
      throws InterruptedException, ExecutionException {
    Writers writers = new Writers();
    try (ExecutorService starts = Executors.newFixedThreadPool(options.writers())) {
      List<Future<Service>> starting = new ArrayList<>();
      for (int i = 0; i < options.writers(); i++) {
        starting.add(starts.submit(() -> servers.startWriter(store, options.writerJvm(), settings)));
      }
      for (Future<Service> service : starting) {
        writers.services.add(service.get());
      }
      return writers;
    } catch (InterruptedException | ExecutionException e) {
      writers.close();
      throw e;
    }
  }

  Duration processorTime() {
    return services.stream().map(service -> service.process().processorTime()).reduce(Duration.ZERO, Duration::plus);
  }

  void requireRunning() {
    services.forEach(service -> service.process().requireRunning());
  }

  @Override
  public void close() {
    services.forEach(Service::close);
  }
}
