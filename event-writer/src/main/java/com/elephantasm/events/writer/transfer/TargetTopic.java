package com.elephantasm.events.writer.transfer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The topic that an import goes to.
 *
 * @param ends the offset that the next record gets in each partition, if nobody else writes
 * @param largestRecord in bytes
 */
record TargetTopic(int partitions, Map<Integer, Long> ends, int largestRecord) {
  /** Of a request to Kafka, around the records in it. */
  private static final int ROOM = 64 * 1024;

  TargetTopic {
    ends = Map.copyOf(ends);
  }

  static TargetTopic prepare(KafkaAccess kafka, Map<String, String> configsOfNewTopics, ImportRequest request,
      ExportLine.Start start) throws InterruptedException {
    try (Admin admin = kafka.openAdmin()) {
      return new Preparation(admin, configsOfNewTopics, request, start).topic();
    }
  }

  private record Preparation(Admin admin, Map<String, String> configsOfNewTopics, ImportRequest request,
      ExportLine.Start start) {
    private TargetTopic topic() throws InterruptedException {
      Integer existing = partitions();
      if (existing == null && !request.create()) {
        throw TransferException.impossible(
            "there is no topic %s; with --create it is made, with the settings of the log".formatted(request.topic()));
      }
      int partitions = existing != null ? existing : wantedPartitions();
      requireRoom(partitions);
      if (existing == null) {
        create(partitions);
      }
      Map<Integer, Long> ends = offsets(partitions, OffsetSpec.latest());
      if (!request.append() && request.skip() == 0 && !offsets(partitions, OffsetSpec.earliest()).equals(ends)) {
        throw TransferException.impossible(
            "the topic %s has records; with --append those of the export come after them".formatted(request.topic()));
      }
      return new TargetTopic(partitions, ends, largestRecord());
    }

    private int wantedPartitions() {
      return request.partitions() == null ? start.partitionCount() : request.partitions();
    }

    /** Before anything is made or sent. */
    private void requireRoom(int partitions) {
      int needed = start.partitions().stream().mapToInt(stretch -> stretch.partition() + 1).max().orElse(1);
      if (!request.byKey() && needed > partitions) {
        throw TransferException
            .impossible(("the export has records of partition %d, and the topic %s has %d partitions. "
                + "With --by-key records come where their key says, as from a producer").formatted(needed - 1,
                    request.topic(), partitions));
      }
    }

    /** Null where there is no such topic. */
    private @Nullable Integer partitions() throws InterruptedException {
      try {
        return admin.describeTopics(List.of(request.topic())).allTopicNames().get().values().iterator().next()
            .partitions().size();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof UnknownTopicOrPartitionException) {
          return null;
        }
        throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
      }
    }

    private void create(int partitions) throws InterruptedException {
      NewTopic topic = new NewTopic(request.topic(), partitions, (short) -1).configs(configsOfNewTopics);
      KafkaAccess.get(admin.createTopics(List.of(topic)).all());
      // Created is not yet known everywhere.
      for (Integer known = partitions(); known == null; known = partitions()) {
        Thread.onSpinWait();
      }
    }

    private Map<Integer, Long> offsets(int partitions, OffsetSpec which) throws InterruptedException {
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      for (int partition = 0; partition < partitions; partition++) {
        asked.put(new TopicPartition(request.topic(), partition), which);
      }
      Map<TopicPartition, ListOffsetsResultInfo> found = KafkaAccess.get(admin.listOffsets(asked).all());
      Map<Integer, Long> offsets = new HashMap<>();
      found.forEach((partition, info) -> offsets.put(partition.partition(), info.offset()));
      return offsets;
    }

    private int largestRecord() throws InterruptedException {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, request.topic());
      Map<String, String> settings = new HashMap<>();
      for (ConfigEntry entry : KafkaAccess.get(admin.describeConfigs(List.of(resource)).all()).values().iterator()
          .next()
          .entries()) {
        if (entry.value() != null) {
          settings.put(entry.name(), entry.value());
        }
      }
      if ("LogAppendTime".equals(settings.get(TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG))) {
        throw TransferException.impossible(("the topic %s gives records a timestamp of its own, and created_at and "
            + "updated_at come from that of the record: set its message.timestamp.type to CreateTime")
            .formatted(request.topic()));
      }
      String largest = settings.get(TopicConfig.MAX_MESSAGE_BYTES_CONFIG);
      return Math.toIntExact(Math.min(Integer.MAX_VALUE, (largest == null ? 0 : Long.parseLong(largest)) + ROOM));
    }
  }
}
