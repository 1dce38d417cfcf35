package com.elephantasm.events.benchmarks.peer;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@RestController
final class PeerEndpoints {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final Producer<byte[], byte[]> producer;
  private final String topic;

  PeerEndpoints(Producer<byte[], byte[]> producer, @Value("${peer.topic}") String topic) {
    this.producer = producer;
    this.topic = topic;
  }

  @GetMapping("/")
  ResponseEntity<Void> ready() {
    return ResponseEntity.ok().build();
  }

  /** Parses the body and does nothing with it. */
  @PostMapping("/empty")
  ResponseEntity<Void> empty(@RequestBody byte[] body) {
    requireAgent(JSON.readTree(body));
    return ResponseEntity.accepted().build();
  }

  /** Parses the body, publishes it as it is, and answers when all in-sync replicas have it. */
  @PostMapping("/publish")
  ResponseEntity<Void> publish(@RequestBody byte[] body) throws ExecutionException, InterruptedException {
    byte[] key = requireAgent(JSON.readTree(body)).getBytes(StandardCharsets.UTF_8);
    producer.send(new ProducerRecord<>(topic, key, body)).get();
    return ResponseEntity.accepted().build();
  }

  private static String requireAgent(JsonNode event) {
    return event.required("agent_id").stringValue();
  }
}
