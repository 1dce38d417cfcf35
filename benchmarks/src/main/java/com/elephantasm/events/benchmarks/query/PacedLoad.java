package com.elephantasm.events.benchmarks.query;

import com.elephantasm.events.benchmarks.load.Events;
import com.elephantasm.events.benchmarks.load.Topic;
import com.elephantasm.events.benchmarks.peer.BareProducer;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.Producer;

/** Publishes new events at a steady rate, for as long as it is open. */
final class PacedLoad implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final Events events;
  private final int perSecond;
  private final Thread thread;
  private volatile boolean closed;
  private long next;

  private PacedLoad(Producer<byte[], byte[]> producer, Events events, long first, int perSecond) {
    this.producer = producer;
    this.events = events;
    this.next = first;
    this.perSecond = perSecond;
    this.thread = Thread.ofPlatform().name("paced-load").start(this::publish);
  }

  /** @param first the number of the first event */
  static PacedLoad start(String bootstrapServers, Events events, long first, int perSecond) {
    return new PacedLoad(BareProducer.forManyRecords(bootstrapServers), events, first, perSecond);
  }

  private void publish() {
    long start = System.nanoTime();
    long first = next;
    while (!closed) {
      long due = first + (long) ((System.nanoTime() - start) / 1e9 * perSecond);
      for (; next < due; next++) {
        producer.send(Topic.producerRecord(events.record(next)));
      }
      LockSupport.parkNanos(5_000_000);
    }
  }

  /**
   * Returns when all of them are acknowledged.
   *
   * @return the number of the event that would have been next
   */
  long stop() throws InterruptedException {
    closed = true;
    thread.join();
    producer.flush();
    return next;
  }

  @Override
  public void close() {
    closed = true;
    producer.close();
  }
}
