package com.elephantasm.events.writer.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** The whole way from Kafka to tails, which are cut all the time, at two writers that share the log. */
class TailLoadTest extends TailIntegrationTest {
  private static final int EVENTS = 20_000;
  private static final int CUTS = 20;
  private static final String TOPIC = "elephantasm.events";

  private final List<UUID> spirits = List.of(UUID.randomUUID(), UUID.randomUUID(), UUID.randomUUID(),
      UUID.randomUUID());
  private final List<String> eachOnceInOrder = IntStream.range(0, EVENTS / spirits.size()).mapToObj(String::valueOf)
      .toList();

  @Test
  void a_tail_cut_and_resumed_20_times_during_a_load_shows_each_event_once_in_order() throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<String>>> shown = new ArrayList<>();
      for (UUID each : spirits) {
        TailClient first = new TailClient(uri(ONE, each), null);
        awaitFact(() -> first.places() > 0);
        shown.add(threads.submit(cutting(each, first, new Random(each.hashCode()))));
      }
      publishLoad();
      for (Future<List<String>> tail : shown) {
        assertThat(tail.get()).isEqualTo(eachOnceInOrder);
      }
    }
  }

  private Callable<List<String>> cutting(UUID each, TailClient first, Random random) {
    return () -> {
      List<String> contents = new ArrayList<>();
      TailClient tail = first;
      for (int cut = 1; cut <= CUTS; cut++) {
        // Spread over the whole load, and never exactly there: more comes until the connection is cut.
        int until = cut * eachOnceInOrder.size() / (CUTS + 1) - random.nextInt(100);
        awaitShown(tail, until - contents.size());
        tail.close();
        contents.addAll(tail.contents());
        tail = new TailClient(uri(cut % 2 == 0 ? ONE : OTHER, each), tail.lastEventId());
        TailClient next = tail;
        awaitFact(() -> next.places() > 0);
      }
      awaitShown(tail, eachOnceInOrder.size() - contents.size());
      tail.close();
      contents.addAll(tail.contents());
      return contents;
    };
  }

  private static void awaitShown(TailClient tail, int messages) {
    await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(5))
        .until(() -> tail.messages().size() >= messages);
  }

  private void publishLoad() {
    Map<String, Object> config = Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, KAFKA.bootstrapServers(),
        ProducerConfig.LINGER_MS_CONFIG, 5);
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(config, new ByteArraySerializer(),
        new ByteArraySerializer())) {
      for (UUID each : spirits) {
        ProducerRecord<byte[], byte[]> birth = new ProducerRecord<>(TOPIC, utf8(each.toString()),
            utf8("{\"id\": \"%s\", \"name\": \"Ada\"}".formatted(each)));
        birth.headers().add("ce_type", utf8("com.elephantasm.spirit.created.v1"));
        producer.send(birth);
      }
      for (int i = 0; i < EVENTS; i++) {
        UUID each = spirits.get(i % spirits.size());
        producer.send(new ProducerRecord<>(TOPIC, utf8(each.toString()),
            utf8("{\"agent_id\": \"%s\", \"event_type\": \"tool.call\", \"content\": \"%d\"}".formatted(each,
                i / spirits.size()))));
      }
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
