package com.elephantasm.events.ingest;

import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.JsonBody;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.JsonArray;
import com.elephantasm.events.schema.Violation;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import tools.jackson.core.JsonGenerator;

/** A batch that comes as a whole: all of it is published, and then all of it is waited for. */
final class EventArray {
  private final JsonArray events;

  private EventArray(JsonArray events) {
    this.events = events;
  }

  /** @throws com.elephantasm.events.http.ProblemException where it is not JSON, no array or has too many elements */
  static EventArray read(byte[] json, int maxItems) {
    JsonArray events = switch (JsonArray.read(json, maxItems)) {
      case Decoded.Valid<JsonArray>(JsonArray array) -> array;
      case Decoded.Invalid<JsonArray>(List<Violation> violations) ->
        throw Problem.invalid(violations.stream().map(InvalidInput::body).toList()).asException();
      case Decoded.Malformed<JsonArray>(String detail) -> throw JsonBody.malformed(detail);
    };
    if (events.size() > maxItems) {
      throw Problem
          .of(ProblemType.TOO_LARGE, "the batch has more than the %d events that are taken".formatted(maxItems))
          .asException();
    }
    return new EventArray(events);
  }

  /**
   * @param window how many may be on their way into the log at once
   * @param deadline by {@link System#nanoTime()}, until when outcomes are waited for
   * @throws com.elephantasm.events.http.ProblemException 503 where the log has acknowledged none of those that were published
   */
  ResponseEntity<byte[]> publish(BatchPublication publication, int window, long deadline) {
    List<BatchItem> items = new ArrayList<>(events.size());
    for (int i = 0; i < events.size(); i++) {
      if (i >= window) {
        // More at once would wait in the producer until it gives them up.
        items.get(i - window).awaitAcknowledgement();
      }
      items.add(publication.publish(events.element(i), deadline));
    }
    Tally tally = publication.newTally();
    List<ItemResult> results = items.stream().map(item -> item.await(tally)).toList();
    requireSomeAcknowledged(results, tally);
    ResponseEntity.BodyBuilder response = ResponseEntity.status(HttpStatus.MULTI_STATUS)
        .contentType(MediaType.APPLICATION_JSON);
    String token = tally.consistencyToken();
    if (token != null) {
      response.header(ConsistencyToken.HEADER, token);
    }
    return response.body(json(results, tally));
  }

  private static void requireSomeAcknowledged(List<ItemResult> results, Tally tally) {
    boolean unavailable = results.stream()
        .anyMatch(result -> result.status() == HttpStatus.SERVICE_UNAVAILABLE.value());
    if (unavailable && tally.consistencyToken() == null) {
      throw Problem.logUnavailable().asException();
    }
  }

  private static byte[] json(List<ItemResult> results, Tally tally) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + 80 * results.size());
    try (JsonGenerator json = Receipts.generator(bytes)) {
      json.writeStartObject();
      json.writeArrayPropertyStart("results");
      for (int i = 0; i < results.size(); i++) {
        results.get(i).write(json, "index", i);
      }
      json.writeEndArray();
      json.writeObjectPropertyStart("summary");
      json.writeNumberProperty("total", tally.total());
      tally.writeByStatus(json);
      tally.writeConsistencyToken(json);
      json.writeEndObject();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
