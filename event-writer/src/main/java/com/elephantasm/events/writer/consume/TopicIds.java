package com.elephantasm.events.writer.consume;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaAdmin;

/** The ids that Kafka gives to topics (KIP-516). Asked once, and again whenever partitions are assigned. */
final class TopicIds {
  private final KafkaAdmin admin;
  private final Map<String, UUID> known = new ConcurrentHashMap<>();

  TopicIds(KafkaAdmin admin) {
    this.admin = admin;
  }

  /** @throws KafkaException where Kafka is away */
  UUID of(String topic) {
    return known.computeIfAbsent(topic, this::ask);
  }

  private UUID ask(String topic) {
    TopicDescription description = admin.describeTopics(topic).get(topic);
    if (description == null) {
      throw new KafkaException("Kafka does not describe topic " + topic);
    }
    Uuid id = description.topicId();
    return new UUID(id.getMostSignificantBits(), id.getLeastSignificantBits());
  }

  /** A topic of the same name may be another one by now. */
  void forget() {
    known.clear();
  }
}
