package com.elephantasm.events.schema;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes as records of the log: CloudEvents 1.0 in binary mode, the data as JSON, keyed by the spirit's id. A record without
 * CloudEvents headers is a new event.
 */
public final class ChangeCodec {
  static final String SPIRIT_CREATED = "com.elephantasm.spirit.created.v1";
  static final String SPIRIT_AMENDED = "com.elephantasm.spirit.amended.v1";
  static final String EVENT_CREATED = "com.elephantasm.event.created.v1";
  static final String EVENT_AMENDED = "com.elephantasm.event.amended.v1";
  static final String JSON = "application/json";

  private ChangeCodec() {}

  /**
   * A change as a record.
   *
   * @param source the publisher, as CloudEvents' {@code source}: a URI reference
   * @param now what {@code ce_time} says of changes other than new events; theirs says {@code occurred_at}
   * @param replyTo who wants to know the outcome, or null
   * @throws IllegalArgumentException for an event that is identified by its position: it is in the log, and only there itself
   */
  public static RecordToSend encode(Change change, String source, Instant now, @Nullable ReplyTo replyTo) {
    return switch (change) {
      case Change.SpiritCreated(SpiritId spirit, NewSpirit data) ->
        record(spirit, attributes(SPIRIT_CREATED, source, newId(now), now, spirit.toString(), replyTo),
            Payloads.of(spirit, data));
      case Change.SpiritAmended(SpiritId spirit, SpiritAmendment data) ->
        record(spirit, attributes(SPIRIT_AMENDED, source, newId(now), now, spirit.toString(), replyTo),
            Payloads.of(spirit, data));
      case Change.EventCreated created -> record(created.spiritId(), attributes(created, source, replyTo),
          Payloads.of(created.event()));
      case Change.EventAmended(SpiritId spirit, EventId event, EventAmendment data) ->
        record(spirit, attributes(EVENT_AMENDED, source, newId(now), now, event.toString(), replyTo),
            Payloads.of(spirit, event, data));
    };
  }

  private static RecordToSend record(SpiritId spirit, List<RecordHeader> headers, byte[] value) {
    return new RecordToSend(spirit.toString().getBytes(StandardCharsets.UTF_8), headers, value);
  }

  private static String newId(Instant now) {
    return TimeOrderedId.at(now).toString();
  }

  /** An event with a key is the same CloudEvent whenever it is published, so its id is the event's. */
  private static List<RecordHeader> attributes(Change.EventCreated created, String source, @Nullable ReplyTo replyTo) {
    String subject = created.id().toString();
    return switch (created.identity()) {
      case Identity.Key _ -> attributes(EVENT_CREATED, source, subject, created.occurredAt(), subject, replyTo);
      case Identity.CloudEvent(String givenSource, String givenId) ->
        attributes(EVENT_CREATED, givenSource, givenId, created.occurredAt(), subject, replyTo);
      case Identity.Position(RecordPosition at) -> throw new IllegalArgumentException(
          "the event is identified by its place in the log, %s: anywhere else it would be another one".formatted(at));
    };
  }

  private static List<RecordHeader> attributes(String type, String source, String id, Instant time, String subject,
      @Nullable ReplyTo replyTo) {
    List<RecordHeader> headers = new ArrayList<>(9);
    headers.add(RecordHeader.of(HeaderNames.SPEC_VERSION, "1.0"));
    headers.add(RecordHeader.of(HeaderNames.TYPE, type));
    headers.add(RecordHeader.of(HeaderNames.SOURCE, source));
    headers.add(RecordHeader.of(HeaderNames.ID, id));
    headers.add(RecordHeader.of(HeaderNames.TIME, time.toString()));
    headers.add(RecordHeader.of(HeaderNames.SUBJECT, subject));
    headers.add(RecordHeader.of(HeaderNames.CONTENT_TYPE, JSON));
    if (replyTo != null) {
      headers.add(RecordHeader.of(HeaderNames.REPLY_TO, replyTo.instance()));
      headers.add(RecordHeader.of(HeaderNames.REQUEST_ID, replyTo.requestId()));
    }
    return headers;
  }

  /** What a record of the log says, whoever published it; any bytes have an answer. */
  public static DecodedChange decode(ReceivedRecord record) {
    byte[] value = record.value();
    if (value == null) {
      return new DecodedChange.Unreadable(RejectionReason.MALFORMED, "the record has no value");
    }
    String type = record.header(HeaderNames.TYPE);
    return switch (type == null ? EVENT_CREATED : type) {
      case SPIRIT_CREATED -> DecodedChange.of(Payloads.readSpiritCreated(value));
      case SPIRIT_AMENDED -> DecodedChange.of(Payloads.readSpiritAmended(value));
      case EVENT_CREATED ->
        DecodedChange.of(NewEvent.fromJson(value, UnknownFields.IGNORE), event -> created(event, record));
      case EVENT_AMENDED -> DecodedChange.of(Payloads.readEventAmended(value));
      default -> new DecodedChange.Unreadable(RejectionReason.UNSUPPORTED_TYPE, "ce_type is none of %s, %s, %s, %s"
          .formatted(SPIRIT_CREATED, SPIRIT_AMENDED, EVENT_CREATED, EVENT_AMENDED));
    };
  }

  private static Change created(NewEvent event, ReceivedRecord record) {
    String time = record.header(HeaderNames.TIME);
    Instant sent = time == null ? null : Timestamps.parse(time);
    String source = record.header(HeaderNames.SOURCE);
    String id = record.header(HeaderNames.ID);
    Identity otherwise = source == null || id == null
        ? new Identity.Position(record.position())
        : new Identity.CloudEvent(source, id);
    Instant defaultTime = sent != null ? sent : record.timestamp().truncatedTo(ChronoUnit.MICROS);
    return Change.EventCreated.of(event, defaultTime, otherwise);
  }
}
