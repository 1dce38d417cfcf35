package com.elephantasm.events.faults.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.faults.load.Anomaly.Kind;
import com.elephantasm.events.faults.load.SentEvent.Expectation;
import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Clients notice what they must not be told. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ClientsTest {
  private static final UUID AGENT = UUID.fromString("4ed77144-2596-5006-899e-2dbe2ab3832e");
  private static final UUID ID = UUID.fromString("00000000-0000-8000-8000-000000000001");
  private static final String OTHER_ID = "00000000-0000-8000-8000-000000000002";
  private static final String STORED = "{\"id\": \"%s\"}".formatted(ID);

  @TempDir
  Path folder;
  private History history;
  private LyingService service;
  private Bench bench;
  private Client client;

  /** Sends what a test gives it. */
  private static final class IdleClient extends Client {
    IdleClient(Bench bench) {
      super("client", bench, new SplittableRandom(1), new Pace(1));
    }

    @Override
    int nextAttempts() {
      return 1;
    }

    @Override
    void step() {}
  }

  @BeforeEach
  void begin() throws IOException {
    history = History.open(folder.resolve("history.txt"));
    service = new LyingService();
    LoadSettings settings = new LoadSettings(1, 1, 1, 1, Duration.ofSeconds(10), Duration.ZERO, Duration.ZERO);
    bench = Bench.of(service.endpoints(), history, settings);
    client = new IdleClient(bench);
  }

  @AfterEach
  void end() {
    service.close();
    history.close();
  }

  private Answer deliver(SentEvent event) throws InterruptedException {
    return client.deliver(event, new HttpWay(bench.ingest(client.random), false, false));
  }

  private SentEvent event(Expectation expectation) {
    return Told.event(history, AGENT, Naming.DEDUPE_KEY, expectation);
  }

  private List<Kind> found() {
    return history.anomalies().stream().map(Anomaly::kind).toList();
  }

  @Test
  void an_event_is_sent_until_it_is_acknowledged() throws Exception {
    service.says(503, "{\"type\": \"urn:elephantasm:problem:log-unavailable\"}").says(0, "")
        .says(409, "{\"type\": \"urn:elephantasm:problem:duplicate-event\", \"event_id\": \"%s\"}".formatted(ID));
    SentEvent event = event(Expectation.STORED);

    assertThat(deliver(event)).isEqualTo(
        new Answer.Acknowledged(Answer.Promise.DUPLICATE, ID, null, "token"));
    assertThat(history.progress()).isEqualTo(new Progress(1, 0, 2, 0));
    assertThat(found()).isEmpty();
  }

  @Test
  void an_event_that_nothing_names_is_sent_once() throws Exception {
    service.says(503, "{\"type\": \"urn:elephantasm:problem:log-unavailable\"}").says(201, STORED);
    SentEvent event = Told.event(history, AGENT, Naming.NOTHING, Expectation.STORED);

    assertThat(deliver(event)).isInstanceOf(Answer.Ambiguous.class);
  }

  @Test
  void an_overloaded_service_has_refused_for_certain() throws Exception {
    service.says(503, "{\"type\": \"urn:elephantasm:problem:overloaded\"}").says(201, STORED);
    var _ = deliver(event(Expectation.STORED));

    assertThat(history.progress()).isEqualTo(new Progress(1, 1, 0, 0));
  }

  @Test
  void a_spirit_that_is_there_is_not_unknown() throws Exception {
    service.says(404, "{\"type\": \"urn:elephantasm:problem:unknown-spirit\"}");
    var _ = deliver(event(Expectation.STORED));

    assertThat(found()).containsExactly(Kind.WRONG_ANSWER);
  }

  @Test
  void a_conflict_is_not_stored() throws Exception {
    service.says(201, STORED);
    var _ = deliver(event(Expectation.CONFLICT));

    assertThat(found()).containsExactly(Kind.WRONG_ANSWER);
  }

  @Test
  void a_conflict_may_be_accepted_into_the_log_or_refused() throws Exception {
    service.says(202, STORED).says(409, "{\"type\": \"urn:elephantasm:problem:dedupe-key-reused\"}");
    var _ = deliver(event(Expectation.CONFLICT));
    var _ = deliver(event(Expectation.CONFLICT));

    assertThat(found()).isEmpty();
  }

  @Test
  void an_id_never_changes() throws Exception {
    service.says(201, STORED).says(201, "{\"id\": \"%s\"}".formatted(OTHER_ID));
    SentEvent event = event(Expectation.STORED);
    var _ = deliver(event);
    var _ = deliver(event);

    assertThat(found()).containsExactly(Kind.ID_CHANGED);
  }

  @Test
  void a_read_that_misses_its_event_is_noticed() throws Exception {
    service.says(404, "{\"type\": \"urn:elephantasm:problem:unknown-event\"}");
    read(event(Expectation.STORED));

    assertThat(found()).containsExactly(Kind.READ_MISSED_WRITE);
  }

  @Test
  void a_read_that_shows_another_event_is_noticed() throws Exception {
    SentEvent event = event(Expectation.STORED);
    SentEvent other = event(Expectation.STORED);
    service.says(200, "{\"id\": \"%s\", \"content\": \"%s remember\"}".formatted(OTHER_ID, other.marker()));
    read(event);

    assertThat(found()).containsExactly(Kind.READ_MISSED_WRITE);
    assertThat(other.isSeen()).isTrue();
    assertThat(other.id()).hasToString(OTHER_ID);
  }

  @Test
  void a_list_without_the_event_is_noticed() throws Exception {
    service.says(200, "[]");
    new Reader("client", bench, client.random).list(List.of(event(Expectation.STORED)), AGENT, "token");

    assertThat(found()).containsExactly(Kind.READ_MISSED_WRITE);
  }

  @Test
  void a_read_that_is_refused_or_cut_breaks_no_promise() throws Exception {
    service.says(503, "{\"type\": \"urn:elephantasm:problem:store-behind\"}").says(0, "").says(503, "");
    read(event(Expectation.STORED));

    assertThat(found()).isEmpty();
    assertThat(history.progress().reads()).isZero();
  }

  @Test
  void a_read_of_what_nobody_sent_is_noticed() throws Exception {
    service.says(200, "[{\"id\": \"%s\", \"content\": \"who am I?\"}]".formatted(OTHER_ID));
    new Reader("client", bench, client.random).list(List.of(), AGENT, "token");

    assertThat(found()).containsExactly(Kind.NOBODY_SENT);
  }

  private void read(SentEvent event) throws InterruptedException {
    var _ = new Reader("client", bench, client.random).event(event, ID, "token");
  }

  @Test
  void an_older_state_of_a_changed_event_is_noticed() {
    SentEvent event = event(Expectation.STORED);
    OwnedEvent owned = new OwnedEvent(event, ID, "token");
    owned.written(summaryOf("m0.1.1"), Told.at(new LogPosition(0, 1)));
    owned.written(summaryOf("m0.2.1"), Told.doubt());
    owned.written(summaryOf("m0.3.1"), Told.refusal());
    owned.written(summaryOf("m0.3.2"), Told.at(new LogPosition(0, 2)));

    assertThat(owned.contradiction(shown("m0.3.2", false))).isNull();
    assertThat(owned.contradiction(shown("m0.2.1", false))).isNull();
    assertThat(owned.contradiction(shown("m0.1.1", false))).contains("summary m0.1.1, must be m0.3.2");
    assertThat(owned.contradiction(shown("m0.3.1", false))).isNotNull();
    assertThat(owned.contradiction(shown("m0.3.2", true))).isNotNull();
  }

  private static EventChange summaryOf(String mark) {
    return new EventChange(SentChange.Kind.AMEND, mark, true, false, new byte[0]);
  }

  private static JsonNode shown(String summary, boolean deleted) {
    return Json.MAPPER.createObjectNode().put("meta_summary", summary).put("is_deleted", deleted);
  }
}
