package com.elephantasm.events.schema;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes as records of the log: CloudEvents 1.0 in binary mode, the data as JSON, keyed by the spirit's id. A record without
 * CloudEvents headers is a new event; one in structured mode, which we do not write, is read as well.
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
    return new RecordToSend(key(spirit), headers, value);
  }

  private static byte[] key(SpiritId spirit) {
    return spirit.toString().getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A record that was rejected, to be published again. It says what it said, and who wanted to know the outcome then is not told
   * of this one, nor does it go on with the trace of then. Where it can be read, its key is the spirit's, whatever it was: only so is it in order with the spirit's other
   * changes. A new event keeps its timestamp, as that is when it was created and, unless it says otherwise, when it happened;
   * any other change takes effect now, after those that came in between.
   *
   * @param rejected with the value that it is to have now
   * @param replyTo who wants to know the outcome now, or null
   */
  public static RecordToResend encodeAgain(ReceivedRecord rejected, Redrive redrive, Instant now,
      @Nullable ReplyTo replyTo) {
    List<RecordHeader> headers = new ArrayList<>(rejected.headers().size() + 3);
    for (RecordHeader header : rejected.headers()) {
      switch (header.name()) {
        case HeaderNames.REPLY_TO, HeaderNames.REQUEST_ID, HeaderNames.REDRIVE, HeaderNames.TRACE_PARENT,
            HeaderNames.TRACE_STATE ->
          {
          }
        default -> headers.add(header);
      }
    }
    headers.add(RecordHeader.of(HeaderNames.REDRIVE, redrive.header()));
    addReplyTo(headers, replyTo);
    Instant timestamp = rejected.timestamp();
    byte[] key = rejected.key();
    if (decode(rejected) instanceof DecodedChange.Readable(Change change)) {
      key = key(change.spiritId());
      timestamp = change instanceof Change.EventCreated || now.isBefore(timestamp) ? timestamp : now;
    }
    return new RecordToResend(timestamp, key, headers, rejected.value());
  }

  private static String newId(Instant now) {
    return TimeOrderedId.at(now).toString();
  }

  /** An event with a key is the same CloudEvent whenever it is published, so its id is the event's. */
  private static List<RecordHeader> attributes(Change.EventCreated created, String source, @Nullable ReplyTo replyTo) {
    String subject = created.id().toString();
    CloudEventContext context = created.context();
    return switch (created.identity()) {
      case Identity.Position(RecordPosition at) -> throw new IllegalArgumentException(
          "the event is identified by its place in the log, %s: anywhere else it would be another one".formatted(at));
      case Identity _ when context != null -> attributes(context, created, replyTo);
      case Identity.Key _ -> attributes(EVENT_CREATED, source, subject, created.occurredAt(), subject, replyTo);
      case Identity.CloudEvent(String givenSource, String givenId) ->
        attributes(EVENT_CREATED, givenSource, givenId, created.occurredAt(), subject, replyTo);
    };
  }

  /** Whoever sees the CloudEvent here and where it came from sees one CloudEvent, so all that its sender said is kept. */
  private static List<RecordHeader> attributes(CloudEventContext context, Change.EventCreated created,
      @Nullable ReplyTo replyTo) {
    Instant time = context.time() != null ? context.time() : created.occurredAt();
    String subject = context.subject() != null ? context.subject() : created.id().toString();
    List<RecordHeader> headers = attributes(EVENT_CREATED, context.source(), context.id(), time, subject, replyTo);
    if (context.dataSchema() != null) {
      headers.add(RecordHeader.of(HeaderNames.DATA_SCHEMA, context.dataSchema()));
    }
    context.extensions()
        .forEach((name, value) -> headers.add(RecordHeader.of(HeaderNames.ATTRIBUTE_PREFIX + name, value)));
    return headers;
  }

  private static List<RecordHeader> attributes(String type, String source, String id, Instant time, String subject,
      @Nullable ReplyTo replyTo) {
    List<RecordHeader> headers = new ArrayList<>(9);
    headers.add(RecordHeader.of(HeaderNames.SPEC_VERSION, "1.0"));
    headers.add(RecordHeader.of(HeaderNames.TYPE, type));
    headers.add(RecordHeader.of(HeaderNames.SOURCE, source));
    headers.add(RecordHeader.of(HeaderNames.ID, id));
    headers.add(RecordHeader.of(HeaderNames.TIME, Timestamps.format(time)));
    headers.add(RecordHeader.of(HeaderNames.SUBJECT, subject));
    headers.add(RecordHeader.of(HeaderNames.CONTENT_TYPE, JSON));
    addReplyTo(headers, replyTo);
    return headers;
  }

  private static void addReplyTo(List<RecordHeader> headers, @Nullable ReplyTo replyTo) {
    if (replyTo != null) {
      headers.add(RecordHeader.of(HeaderNames.REPLY_TO, replyTo.instance()));
      headers.add(RecordHeader.of(HeaderNames.REQUEST_ID, replyTo.requestId()));
    }
  }

  /** What a record of the log says, whoever published it; any bytes have an answer. */
  public static DecodedChange decode(ReceivedRecord record) {
    return decode(record, UnknownFields.IGNORE);
  }

  /**
   * The same by the letter of the contract, for what a person has written.
   *
   * @param unknownFields whether fields that the contract does not name are let pass, as on the topic
   */
  public static DecodedChange decode(ReceivedRecord record, UnknownFields unknownFields) {
    byte[] value = record.value();
    if (value == null) {
      return new DecodedChange.Unreadable(RejectionReason.MALFORMED, "the record has no value");
    }
    RecordAttributes attributes = new RecordAttributes(record.headers());
    String structuredType = attributes.structuredType();
    if (structuredType != null) {
      return decodeStructured(structuredType, value, record, unknownFields);
    }
    String type = attributes.type();
    return switch (type == null ? EVENT_CREATED : type) {
      case SPIRIT_CREATED -> DecodedChange.of(ObjectDecoder.decode(value, unknownFields, Payloads.spiritCreated()));
      case SPIRIT_AMENDED -> DecodedChange.of(ObjectDecoder.decode(value, unknownFields, Payloads.spiritAmended()));
      case EVENT_CREATED -> DecodedChange.of(ObjectDecoder.decode(value, unknownFields, new NewEventDecoder()),
          event -> created(event, attributes, record));
      case EVENT_AMENDED -> DecodedChange.of(ObjectDecoder.decode(value, unknownFields, Payloads.eventAmended()));
      default -> unsupportedType("ce_type");
    };
  }

  /** The type may stand after the data in the value, so it is looked for first. */
  private static DecodedChange decodeStructured(String contentType, byte[] value, ReceivedRecord record,
      UnknownFields unknownFields) {
    if (!ContextReader.isCloudEventInJson(contentType)) {
      return new DecodedChange.Unreadable(RejectionReason.UNSUPPORTED_TYPE,
          "content-type must be application/cloudevents+json, in UTF-8, for a CloudEvent in structured mode");
    }
    String type = CloudEventDecoder.type(value);
    return switch (type == null ? EVENT_CREATED : type) {
      case SPIRIT_CREATED -> structured(value, unknownFields, SPIRIT_CREATED, Payloads.spiritCreated());
      case SPIRIT_AMENDED -> structured(value, unknownFields, SPIRIT_AMENDED, Payloads.spiritAmended());
      case EVENT_CREATED -> DecodedChange.of(CloudEvent.newEventFromJson(value, unknownFields),
          event -> created(event.data(), event.context(), record));
      case EVENT_AMENDED -> structured(value, unknownFields, EVENT_AMENDED, Payloads.eventAmended());
      default -> unsupportedType("type");
    };
  }

  private static <T extends Change> DecodedChange structured(byte[] value, UnknownFields unknownFields, String type,
      ObjectDecoder<T> data) {
    return DecodedChange.of(CloudEventDecoder.decode(value, unknownFields, type, data), CloudEvent::data);
  }

  private static DecodedChange.Unreadable unsupportedType(String attribute) {
    return new DecodedChange.Unreadable(RejectionReason.UNSUPPORTED_TYPE, "%s is none of %s, %s, %s, %s"
        .formatted(attribute, SPIRIT_CREATED, SPIRIT_AMENDED, EVENT_CREATED, EVENT_AMENDED));
  }

  private static Change created(NewEvent event, RecordAttributes attributes, ReceivedRecord record) {
    CloudEventContext context = attributes.context();
    if (context != null) {
      return created(event, context, record);
    }
    Instant time = attributes.time();
    return Change.EventCreated.of(event, time != null ? time : timestamp(record),
        new Identity.Position(record.origin()));
  }

  private static Change created(NewEvent event, CloudEventContext context, ReceivedRecord record) {
    return Change.EventCreated.of(event, timestamp(record), context).withoutNameOfOurs();
  }

  private static Instant timestamp(ReceivedRecord record) {
    return record.timestamp().truncatedTo(ChronoUnit.MICROS);
  }
}
