package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Naming;
import com.elephantasm.events.schema.ConsistencyToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sends arrays of events, plain or as CloudEvents, compressed or not, and sends the unanswered items again. */
final class BatchClient extends Client {
  private static final Naming[] PLAIN = {Naming.DEDUPE_KEY, Naming.DEDUPE_KEY, Naming.SOURCE_URI, Naming.NOTHING};
  private static final int ONE_OLD_IN = 20;

  private final Gateway ingest;
  private int size;

  BatchClient(String name, Bench bench, RandomGenerator random, Pace pace) {
    super(name, bench, random, pace);
    ingest = bench.ingest(random);
  }

  @Override
  int nextAttempts() {
    size = random.nextInt(5, 50);
    return size;
  }

  @Override
  void step() throws InterruptedException {
    boolean cloudEvents = random.nextInt(4) == 0;
    List<SentEvent> events = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      events.add(cloudEvents
          ? maker.event(bench.anySpirit(random), Naming.CLOUD_EVENT)
          : plain());
    }
    var _ = deliver(events, cloudEvents ? "cloudevents-batch" : "array", pending -> send(pending, cloudEvents));
  }

  private SentEvent plain() {
    SentEvent old = random.nextInt(ONE_OLD_IN) == 0 ? bench.oldEvents().any(random) : null;
    return old != null && old.naming() != Naming.CLOUD_EVENT
        ? old
        : maker.event(bench.anySpirit(random), PLAIN[random.nextInt(PLAIN.length)]);
  }

  private List<Answer> send(List<SentEvent> events, boolean cloudEvents) throws InterruptedException {
    ArrayNode array = Json.MAPPER.createArrayNode();
    events.forEach(event -> array.add(cloudEvents ? structured(event) : Json.MAPPER.readTree(event.json())));
    Map<String, String> headers = new HashMap<>();
    headers.put("Content-Type", cloudEvents ? "application/cloudevents-batch+json" : "application/json");
    if (random.nextInt(3) == 0) {
      headers.put("Prefer", "wait=5");
    }
    byte[] body = Json.MAPPER.writeValueAsBytes(array);
    if (random.nextInt(3) == 0) {
      headers.put("Content-Encoding", "gzip");
      body = compressed(body);
    }
    Reply reply = ingest.send("POST", "/events/batch", headers, body);
    List<Answer> answers = answers(reply, events.size());
    if (reply instanceof Reply.Response response) {
      readOneOf(events, answers, response.header(ConsistencyToken.HEADER));
    }
    return answers;
  }

  private static ObjectNode structured(SentEvent event) {
    ObjectNode json = Json.MAPPER.createObjectNode();
    CloudEvents.attributes(event).forEach(json::put);
    json.set("data", Json.MAPPER.readTree(event.json()));
    return json;
  }

  private static byte[] compressed(byte[] bytes) {
    ByteArrayOutputStream target = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(target)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return target.toByteArray();
  }

  private void readOneOf(List<SentEvent> events, List<Answer> answers, @Nullable String token) {
    int any = random.nextInt(events.size());
    if (token != null && answers.get(any) instanceof Answer.Acknowledged acknowledged && acknowledged.id() != null) {
      bench.readers().read(name, bench, random, events.get(any), acknowledged.id(), token);
    }
  }

  private static List<Answer> answers(Reply reply, int size) {
    List<Answer> answers = new ArrayList<>();
    if (reply instanceof Reply.Response response && response.status() == 207) {
      for (JsonNode item : response.json().path("results")) {
        answers.add(Answers.ofItem(item));
      }
    } else {
      Answer all = Answers.of(reply);
      for (int i = 0; i < size; i++) {
        answers.add(all);
      }
    }
    return answers;
  }
}
