package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Straight onto the topic, with an idempotent producer. One thread at a time. */
final class DirectWay implements Way, AutoCloseable {
  private final Map<String, Object> config;
  private KafkaProducer<String, byte[]> producer;

  DirectWay(String bootstrapServers) {
    config = Map.of("bootstrap.servers", bootstrapServers, "acks", "all", "enable.idempotence", true, "linger.ms", 5,
        "delivery.timeout.ms", 15_000, "request.timeout.ms", 5_000, "max.block.ms", 5_000, "compression.type", "lz4");
    producer = newProducer();
  }

  private KafkaProducer<String, byte[]> newProducer() {
    return new KafkaProducer<>(config, new StringSerializer(), new ByteArraySerializer());
  }

  @Override
  public String name() {
    return "topic";
  }

  @Override
  public Answer send(SentEvent event) throws InterruptedException {
    return send(List.of(event)).getFirst();
  }

  /** Sends all, then waits for all. */
  List<Answer> send(List<SentEvent> events) throws InterruptedException {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    for (SentEvent event : events) {
      try {
        sent.add(producer.send(record(event)));
      } catch (KafkaException e) {
        sent.add(CompletableFuture.failedFuture(e));
      }
    }
    List<Answer> answers = new ArrayList<>();
    boolean broken = false;
    for (Future<RecordMetadata> one : sent) {
      try {
        RecordMetadata at = one.get();
        answers.add(new Answer.Acknowledged(Answer.Promise.ACCEPTED, null, new LogPosition(at.partition(), at.offset()),
            null));
      } catch (ExecutionException e) {
        answers.add(new Answer.Ambiguous(String.valueOf(e.getCause()), Duration.ZERO));
        broken |= !(e.getCause() instanceof TimeoutException);
      }
    }
    if (broken) {
      producer.close(Duration.ZERO);
      producer = newProducer();
    }
    return answers;
  }

  private static ProducerRecord<String, byte[]> record(SentEvent event) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(Answers.TOPIC, event.agent().toString(), event.json());
    if (event.naming() == Naming.CLOUD_EVENT) {
      Headers headers = record.headers();
      CloudEvents.attributes(event)
          .forEach((name, value) -> headers.add("ce_" + name, value.getBytes(StandardCharsets.UTF_8)));
      headers.add("content-type", "application/json".getBytes(StandardCharsets.UTF_8));
    }
    return record;
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(5));
  }
}
