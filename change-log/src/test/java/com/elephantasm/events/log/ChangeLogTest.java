package com.elephantasm.events.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.HeaderNames;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.OutcomeCodec;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.ReplyTo;
import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.settings.SettingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.BeanCreationException;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.util.unit.DataSize;

class ChangeLogTest extends LogTest {
  private static final String CHANGES = "elephantasm.events";
  private static final String OUTCOMES = "elephantasm.outcomes";

  private static TestKafka kafka;
  private static String bootstrap;
  private static ConfigurableApplicationContext service;
  private static ChangeLog log;
  private static OutcomePublisher outcomes;

  @BeforeAll
  static void startService() {
    kafka = TestKafka.start();
    bootstrap = kafka.bootstrapServers();
    // What an operator may set by mistake.
    service = service(bootstrap, "spring.kafka.producer.retries=0",
        "spring.kafka.producer.properties.enable.idempotence=false", "spring.kafka.producer.transaction-id-prefix=tx",
        "spring.kafka.consumer.group-id=group", "spring.kafka.consumer.fetch-min-size=1MB");
    log = service.getBean(ChangeLog.class);
    outcomes = service.getBean(OutcomePublisher.class);
  }

  @AfterAll
  static void stopService() {
    service.close();
    kafka.close();
  }

  private static Writer writer() {
    return new Writer(consumer(bootstrap), CHANGES, outcomes, LogTest::stored);
  }

  @Test
  void a_receipt_says_where_the_record_is_and_when_it_was_published() {
    Change change = event("Hello, Wörld");
    Instant before = Instant.now();
    Receipt receipt = publish(log, change);
    RecordPosition position = receipt.position();
    ConsumerRecord<byte[], byte[]> record = recordAt(bootstrap, position.topic(), position.partition(),
        position.offset());
    assertThat(receipt.timestamp()).isEqualTo(Instant.ofEpochMilli(record.timestamp()))
        .isBetween(before.minusMillis(1), Instant.now());
    assertThat(ChangeCodec.decode(KafkaRecords.received(record))).isEqualTo(new DecodedChange.Readable(change));
    assertThat(record.key()).asString(StandardCharsets.UTF_8).isEqualTo(change.spiritId().toString());
    assertThat(KafkaRecords.received(record).replyTo()).isNull();
  }

  @Test
  void records_of_one_spirit_share_a_partition_in_order() {
    Change change = event("again");
    RecordPosition first = publish(log, change).position();
    RecordPosition second = publish(log, change).position();
    assertThat(second.partition()).isEqualTo(first.partition());
    assertThat(second.offset()).isGreaterThan(first.offset());
  }

  @Test
  void what_is_sent_without_waiting_is_in_the_log_in_the_order_of_the_calls() {
    Change change = event("in order");
    List<Sent<Void>> sent = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      sent.add(log.send(change, Way.EVENT, ChangeLog.UNTIL_THERE_IS_ROOM));
    }
    List<Long> offsets = sent.stream().map(each -> each.receipt().position().offset()).toList();
    assertThat(offsets).isSorted().doesNotHaveDuplicates();
    assertThat(sent).allMatch(Sent::isSettled);
  }

  @Test
  void what_was_sent_and_its_outcome_can_be_waited_for_later() throws Exception {
    try (Writer _ = writer()) {
      List<Change> changes = new ArrayList<>();
      List<Sent<Object>> sent = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        changes.add(event("later " + i));
        sent.add(log.send(changes.getLast(), Way.EVENT, ChangeLog.UNTIL_THERE_IS_ROOM, Outcome::subject));
      }
      for (int i = 0; i < 100; i++) {
        try (Sent<Object> each = sent.get(i)) {
          assertThat(each.outcome(System.nanoTime() + LONG.toNanos())).contains(stored(changes.get(i)).subject());
          assertThat(each.receipt().position().topic()).isEqualTo(CHANGES);
        }
      }
    }
    try (Sent<Outcome> unanswered = log.send(event("nobody answers"), Way.EVENT, Duration.ZERO, outcome -> outcome)) {
      assertThat(unanswered.outcome(System.nanoTime() + 1_000_000)).isEmpty();
    }
  }

  @Test
  void what_is_too_large_says_so_when_its_receipt_is_asked_for() {
    Sent<Void> sent = log.send(event("x".repeat(3_000_000)), Way.EVENT, ChangeLog.UNTIL_THERE_IS_ROOM);
    assertThatExceptionOfType(ChangeTooLargeException.class).isThrownBy(sent::receipt);
  }

  @Test
  void no_more_bytes_are_under_way_than_there_is_room_for_and_who_waits_gets_room() throws Exception {
    UnacknowledgedBytes bytes = new UnacknowledgedBytes(DataSize.ofKilobytes(40));
    UnacknowledgedBytes.Room first = bytes.acquire(1_000_000, ChangeLog.UNTIL_THERE_IS_ROOM);
    assertThatExceptionOfType(LogOverloadedException.class)
        .isThrownBy(() -> bytes.acquire(1, Duration.ofMillis(1))).withMessageContaining("30720");
    try (ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<UnacknowledgedBytes.Room> waiting = requests
          .submit(() -> bytes.acquire(100, ChangeLog.UNTIL_THERE_IS_ROOM));
      assertThat(waiting).failsWithin(Duration.ofMillis(50));
      // Those who wait leave room for those who do not, and the other way round.
      UnacknowledgedBytes.Room atOnce = bytes.acquire(1_000_000, Duration.ZERO);
      assertThatExceptionOfType(LogOverloadedException.class).isThrownBy(() -> bytes.acquire(1, Duration.ZERO))
          .withMessageContaining("10240");
      atOnce.release();
      bytes.acquire(1, Duration.ZERO).release();
      assertThat(waiting).isNotDone();
      first.release();
      assertThat(waiting).succeedsWithin(LONG);
    }
  }

  @Test
  void who_waits_is_told_what_the_writer_made_of_it() throws Exception {
    try (Writer _ = writer()) {
      Change change = event("stored");
      assertThat(publishAndAwait(log, change, LONG)).contains(stored(change));
    }
  }

  @Test
  void without_an_outcome_the_answer_is_pending_when_the_wait_is_over() {
    assertThat(publishAndAwait(log, event("nobody answers"), Duration.ofMillis(50))).isEmpty();
    assertThat(publishAndAwait(log, event("nobody waits"), Duration.ZERO)).isEmpty();
  }

  @Test
  void two_hundred_requests_at_once_each_get_their_own_outcome() throws Exception {
    try (Writer _ = writer(); ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Optional<Outcome>>> answers = new ArrayList<>();
      List<Change> changes = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        Change change = event("request " + i);
        changes.add(change);
        answers.add(requests.submit(() -> publishAndAwait(log, change, LONG)));
      }
      for (int i = 0; i < 200; i++) {
        Change change = changes.get(i);
        assertThat(answers.get(i).get()).contains(stored(change));
      }
    }
  }

  @Test
  void outcomes_for_other_instances_or_requests_and_unreadable_ones_are_passed_over() throws Exception {
    WaitingRequests requests = service.getBean(WaitingRequests.class);
    Change change = event("mine");
    RecordPosition position = new RecordPosition(CHANGES, 0, 0);
    try (WaitingRequests.Request<Outcome> mine = requests.open(outcome -> outcome)) {
      String id = mine.replyTo().requestId();
      outcomes.publish(stored(event("another's")), position, new ReplyTo("another instance", id));
      outcomes.publish(stored(event("nobody's")), position, new ReplyTo(requests.instance(), "no request of mine"));
      publishRaw(mine.replyTo(), null);
      publishRaw(mine.replyTo(), "{\"status\":\"a later version's\"}".getBytes(StandardCharsets.UTF_8));
      outcomes.publish(stored(change), position, mine.replyTo());
      assertThat(mine.await(System.nanoTime() + LONG.toNanos())).contains(stored(change));
    }
  }

  private static void publishRaw(ReplyTo replyTo, byte @Nullable [] value) throws Exception {
    RecordHeaders headers = new RecordHeaders();
    headers.add(HeaderNames.REPLY_TO, replyTo.instance().getBytes(StandardCharsets.UTF_8));
    headers.add(HeaderNames.REQUEST_ID, replyTo.requestId().getBytes(StandardCharsets.UTF_8));
    template().send(new ProducerRecord<>(OUTCOMES, null, null, null, value, headers)).get();
  }

  @SuppressWarnings("unchecked")
  private static KafkaTemplate<byte[], byte[]> template() {
    return service.getBean("changeLogTemplate", KafkaTemplate.class);
  }

  @Test
  void a_record_too_large_is_refused_for_good_by_the_topic_and_by_the_producer() {
    assertThatExceptionOfType(ChangeTooLargeException.class)
        .isThrownBy(() -> publish(log, event("x".repeat(3_000_000))));
    assertThatExceptionOfType(ChangeTooLargeException.class)
        .isThrownBy(() -> publish(log, event("x".repeat(5_000_000)))).withMessageContaining("4194304");
  }

  @Test
  void an_existing_topic_is_left_alone_and_one_that_takes_less_refuses_for_good() throws Exception {
    try (Admin admin = admin(bootstrap)) {
      admin.createTopics(List.of(new NewTopic("small", 1, (short) 1)
          .configs(Map.of("max.message.bytes", "1000", "retention.ms", "3600000")))).all().get();
      try (ConfigurableApplicationContext other = service(bootstrap, "elephantasm.log.topic=small",
          "elephantasm.log.outcomes-topic=small.outcomes", "elephantasm.log.max-record-size=1000B",
          "elephantasm.log.accept-finite-retention=true")) {
        ChangeLog small = other.getBean(ChangeLog.class);
        assertThatExceptionOfType(ChangeTooLargeException.class)
            .isThrownBy(() -> publish(small, event("x".repeat(1200))));
        assertThat(publish(small, event("x")).position().offset()).isZero();
      }
      assertThat(partitions(admin, "small")).isEqualTo(1);
      assertThat(setting(admin, "small", "max.message.bytes")).isEqualTo("1000");
      assertThat(setting(admin, "small", "retention.ms")).isEqualTo("3600000");
    }
  }

  @Test
  void topics_are_created_as_promised() throws Exception {
    try (Admin admin = admin(bootstrap)) {
      assertThat(partitions(admin, CHANGES)).isEqualTo(3);
      assertThat(setting(admin, CHANGES, "retention.ms")).isEqualTo("-1");
      assertThat(setting(admin, CHANGES, "retention.bytes")).isEqualTo("-1");
      assertThat(setting(admin, CHANGES, "cleanup.policy")).isEqualTo("delete");
      assertThat(setting(admin, CHANGES, "max.message.bytes")).isEqualTo("2097152");
      assertThat(partitions(admin, OUTCOMES)).isGreaterThanOrEqualTo(3);
      assertThat(setting(admin, OUTCOMES, "retention.ms")).isEqualTo("3600000");
    }
  }

  private static int partitions(Admin admin, String topic) throws Exception {
    return admin.describeTopics(List.of(topic)).allTopicNames().get().values().iterator().next().partitions().size();
  }

  private static String setting(Admin admin, String topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config = admin.describeConfigs(List.of(resource)).all().get().values().iterator().next();
    return config.get(name).value();
  }

  @Test
  void what_the_promise_rests_on_cannot_be_configured_away() {
    assertThat(template().getProducerFactory().getConfigurationProperties()).containsEntry("acks", "all")
        .containsEntry("enable.idempotence", true).containsEntry("retries", Integer.MAX_VALUE);
    assertThat(publish(log, event("acknowledged")).position().offset()).isNotNegative();
  }

  @Test
  void acknowledgement_by_fewer_than_all_replicas_is_refused() {
    assertThatExceptionOfType(BeanCreationException.class)
        .isThrownBy(() -> service(bootstrap, "spring.kafka.producer.acks=1"))
        .withRootCauseInstanceOf(SettingException.class).withMessageContaining("spring.kafka.producer.acks is 1");
  }

  @Test
  void health_names_the_cluster() throws Exception {
    try (Admin admin = admin(bootstrap)) {
      Health health = health(service);
      assertThat(health.getStatus()).isEqualTo(Status.UP);
      assertThat(health.getDetails()).containsEntry("clusterId", admin.describeCluster().clusterId().get())
          .containsEntry("brokers", 1);
    }
  }

  @Test
  void outcomes_arrive_from_added_partitions_and_from_a_topic_created_again() throws Exception {
    try (Admin admin = admin(bootstrap);
        ConfigurableApplicationContext other = service(bootstrap, "elephantasm.log.topic=again",
            "elephantasm.log.outcomes-topic=again.outcomes")) {
      admin.createPartitions(Map.of("again.outcomes", NewPartitions.increaseTo(6))).all().get();
      awaitOutcomesOnAllPartitions(other, "again.outcomes", 6);
      admin.deleteTopics(List.of("again.outcomes")).all().get();
      await().atMost(LONG).ignoreExceptions().untilAsserted(
          () -> admin.createTopics(List.of(new NewTopic("again.outcomes", 2, (short) 1))).all().get());
      awaitOutcomesOnAllPartitions(other, "again.outcomes", 2);
    }
  }

  /** The writer's metadata may be old, so each partition is addressed until it answers. */
  private static void awaitOutcomesOnAllPartitions(ConfigurableApplicationContext other, String topic,
      int partitions) {
    WaitingRequests requests = other.getBean(WaitingRequests.class);
    for (int i = 0; i < partitions; i++) {
      int partition = i;
      try (WaitingRequests.Request<Outcome> request = requests.open(outcome -> outcome)) {
        RecordToSend record = OutcomeCodec.encode(stored(event("again")),
            new RecordPosition("again", 0, 0), request.replyTo());
        RecordHeaders headers = new RecordHeaders();
        record.headers().forEach(header -> headers.add(header.name(), header.value()));
        await().atMost(LONG).ignoreExceptions().until(() -> {
          template().send(new ProducerRecord<>(topic, partition, null, record.key(), record.value(), headers))
              .get();
          return request.await(System.nanoTime() + Duration.ofSeconds(1).toNanos()).isPresent();
        });
      }
    }
  }

  @Test
  void a_stopping_service_ends_the_waits_and_one_started_again_reads_outcomes() {
    try (ConfigurableApplicationContext other = service(bootstrap);
        ExecutorService requests = Executors.newVirtualThreadPerTaskExecutor()) {
      WaitingRequests.Request<Outcome> request = other.getBean(WaitingRequests.class).open(outcome -> outcome);
      Future<Boolean> answered = requests.submit(
          () -> request.await(System.nanoTime() + Duration.ofHours(1).toNanos()).isPresent());
      other.stop();
      assertThat(answered).succeedsWithin(LONG).isEqualTo(false);
      other.start();
      awaitOutcomesOnAllPartitions(other, OUTCOMES, 3);
    }
  }
}
