package com.elephantasm.events.writer.amend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.log.KafkaRecords;
import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.log.OutcomePublisher;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventAmendment;
import com.elephantasm.events.schema.FieldChange;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.ReplyTo;
import com.elephantasm.events.writer.query.EventQueries;
import com.elephantasm.events.writer.query.QueryIntegrationTest;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;

/** The test plays the writer: it reads the log, changes the row and says so. */
class EventAmendmentTest extends QueryIntegrationTest {
  @Autowired
  private EventQueries events;
  @Autowired
  private OutcomePublisher outcomes;
  @Autowired
  private LogSettings log;
  @Autowired
  private ConsumerFactory<?, ?> consumers;

  private final List<ReceivedRecord> published = new CopyOnWriteArrayList<>();
  private Consumer<byte[], byte[]> consumer;
  private Thread writer;
  private volatile boolean refuses;

  @BeforeEach
  void startWriter() {
    consumer = new DefaultKafkaConsumerFactory<>(consumers.getConfigurationProperties(), new ByteArrayDeserializer(),
        new ByteArrayDeserializer()).createConsumer();
    List<TopicPartition> partitions = consumer.partitionsFor(log.topic()).stream()
        .map(partition -> new TopicPartition(partition.topic(), partition.partition())).toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    writer = Thread.ofPlatform().start(() -> {
      try {
        while (true) {
          consumer.poll(Duration.ofMinutes(1)).forEach(this::apply);
        }
      } catch (WakeupException _) {
        consumer.close();
      }
    });
  }

  @AfterEach
  void stopWriter() throws InterruptedException {
    consumer.wakeup();
    writer.join();
  }

  private void apply(ConsumerRecord<byte[], byte[]> received) {
    ReceivedRecord record = KafkaRecords.received(received);
    if (ChangeCodec.decode(record) instanceof DecodedChange.Readable(Change.EventAmended amended)
        && amended.spiritId().value().equals(spirit)) {
      published.add(record);
      ReplyTo replyTo = record.replyTo();
      Outcome outcome = refuses
          ? new Outcome.Rejected(amended.eventId().value(), RejectionReason.UNKNOWN_EVENT, "refused")
          : store(amended, record);
      if (replyTo != null) {
        outcomes.publish(outcome, record.position(), replyTo);
      }
    }
  }

  private Outcome store(Change.EventAmended amended, ReceivedRecord record) {
    Event changed = events.find(amended.eventId(), Caller.ANYONE).orElseThrow().amended(amended.amendment(),
        record.timestamp());
    jdbc.sql("UPDATE events SET importance_score = :score, is_deleted = :deleted WHERE id = :id")
        .param("score", changed.importanceScore()).param("deleted", changed.isDeleted())
        .param("id", changed.id().value()).update();
    return new Outcome.EventAmended(changed);
  }

  private HttpResponse<String> patch(UUID id, String body, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri("/api/v1/events/" + id))
        .method("PATCH", BodyPublishers.ofString(body)).header("Content-Type", "application/json");
    return send(headers.length == 0 ? request : request.headers(headers));
  }

  private HttpResponse<String> delete(UUID id) {
    return send(HttpRequest.newBuilder(uri("/api/v1/events/" + id)).DELETE());
  }

  @Test
  void an_amendment_goes_through_the_log_and_is_answered_with_the_event_as_stored() {
    UUID id = event().insert();
    HttpResponse<String> response = patch(id, "{\"importance_score\": 0.75, \"meta_summary\": null}");
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(json(response).get("importance_score").asDouble()).isEqualTo(0.75);
    assertThat(json(get("/api/v1/events/" + id)).get("importance_score").asDouble()).isEqualTo(0.75);

    assertThat(published).hasSize(1);
    ReceivedRecord record = published.getFirst();
    assertThat(record.key()).asString().isEqualTo(spirit.toString());
    assertThat(ChangeCodec.decode(record)).isInstanceOfSatisfying(DecodedChange.Readable.class, readable -> {
      EventAmendment amendment = ((Change.EventAmended) readable.change()).amendment();
      assertThat(amendment.importanceScore()).isEqualTo(new FieldChange.SetTo<>(0.75));
      assertThat(amendment.metaSummary()).isEqualTo(new FieldChange.Cleared<>());
      assertThat(amendment.role()).isEqualTo(new FieldChange.Unchanged<>());
    });
  }

  @Test
  void a_deletion_is_answered_without_content_however_often_it_comes() {
    UUID id = event().insert();
    for (int i = 0; i < 2; i++) {
      HttpResponse<String> response = delete(id);
      assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
      assertThat(response.body()).isEmpty();
    }
    assertThat(get("/api/v1/events/" + id).statusCode()).isEqualTo(404);
    assertThat(published).hasSize(2);
  }

  @Test
  void a_deleted_event_can_be_brought_back_and_changed_no_other_way() {
    UUID id = event().deleted().insert();
    HttpResponse<String> refused = patch(id, "{\"importance_score\": 0.5}");
    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(problemType(refused)).isEqualTo("unknown-event");
    assertThat(patch(id, "{\"is_deleted\": true}").statusCode()).isEqualTo(404);
    assertThat(published).isEmpty();

    assertThat(patch(id, "{\"is_deleted\": false, \"importance_score\": 0.5}").statusCode()).isEqualTo(200);
    assertThat(json(get("/api/v1/events/" + id)).get("importance_score").asDouble()).isEqualTo(0.5);
  }

  @Test
  void an_event_that_is_not_there_cannot_be_changed() {
    UUID id = UUID.randomUUID();
    for (HttpResponse<String> response : List.of(patch(id, "{\"role\": \"user\"}"), delete(id))) {
      assertThat(response.statusCode()).isEqualTo(404);
      assertThat(problemType(response)).isEqualTo("unknown-event");
    }
  }

  @Test
  void what_cannot_change_or_is_wrong_is_named() {
    UUID id = event().insert();
    assertThat(errors(patch(id, "{\"content\": \"x\", \"importance_score\": 2, \"is_deleted\": null}")))
        .containsExactly("body /content", "body /importance_score", "body /is_deleted");
    assertThat(errors(patch(id, "{}"))).containsExactly("body ");
    assertThat(patch(id, "{").statusCode()).isEqualTo(400);
    assertThat(published).isEmpty();
  }

  @Test
  void what_the_writer_refuses_is_answered_as_it_says() {
    refuses = true;
    UUID id = event().insert();
    assertThat(problemType(delete(id))).isEqualTo("unknown-event");
  }

  @Test
  void a_client_that_does_not_wait_gets_the_place_in_the_log() {
    UUID id = event().insert();
    HttpResponse<String> response = patch(id, "{\"role\": \"user\"}", "Prefer", "respond-async");
    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(json(response).get("id").asString()).isEqualTo(id.toString());
    assertThat(json(response).get("receipt").get("topic").asString()).isEqualTo(log.topic());
    assertThat(response.headers().firstValue("Location")).hasValue("/api/v1/events/" + id);
  }

  @Test
  void every_answer_has_a_token_of_the_place_in_the_log() {
    UUID id = event().insert();
    String role = "{\"role\": \"user\"}";
    for (HttpResponse<String> response : List.of(patch(id, role), patch(id, role, "Prefer", "respond-async"),
        delete(id))) {
      ConsistencyToken token = ConsistencyToken
          .decode(response.headers().firstValue(ConsistencyToken.HEADER).orElse(""), log.topic());
      assertThat(token).as(response.toString()).isNotNull();
      await().untilAsserted(
          () -> assertThat(published).map(ReceivedRecord::position).map(ConsistencyToken::of).contains(token));
    }
  }
}
