package com.elephantasm.events.schema;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes as records of the outcomes topic, keyed by the id of the event or spirit. The value's {@code status} is one of
 * {@code stored}, {@code duplicate}, {@code amended} and {@code rejected}; the first three come with the {@code event} or
 * {@code spirit} as stored, the last with {@code reason} and {@code detail}.
 */
public final class OutcomeCodec {
  private static final String TYPE = "com.elephantasm.outcome.v1";
  private static final String STORED = "stored";
  private static final String DUPLICATE = "duplicate";
  private static final String AMENDED = "amended";
  private static final String REJECTED = "rejected";

  private OutcomeCodec() {}

  /** The answer to {@code replyTo}, about the record at that position. */
  public static RecordToSend encode(Outcome outcome, RecordPosition position, ReplyTo replyTo) {
    byte[] value = Json.bytes(json -> {
      json.writeStartObject();
      json.writeStringProperty("status", status(outcome));
      json.writeStringProperty("id", outcome.subject().toString());
      json.writeName("position").writeStartObject();
      json.writeStringProperty("topic", position.topic());
      json.writeName("partition").writeNumber(position.partition());
      json.writeName("offset").writeNumber(position.offset());
      json.writeEndObject();
      switch (outcome) {
        case Outcome.EventStored(Event event) -> StoredJson.write(event, json.writeName("event"));
        case Outcome.EventDuplicate(Event event) -> StoredJson.write(event, json.writeName("event"));
        case Outcome.EventAmended(Event event) -> StoredJson.write(event, json.writeName("event"));
        case Outcome.SpiritStored(Spirit spirit) -> StoredJson.write(spirit, json.writeName("spirit"));
        case Outcome.SpiritAmended(Spirit spirit) -> StoredJson.write(spirit, json.writeName("spirit"));
        case Outcome.Rejected(UUID _, RejectionReason reason, String detail) -> {
          json.writeStringProperty("reason", reason.wireName());
          json.writeStringProperty("detail", detail);
        }
      }
      json.writeEndObject();
    });
    return new RecordToSend(outcome.subject().toString().getBytes(StandardCharsets.UTF_8),
        List.of(RecordHeader.of(HeaderNames.TYPE, TYPE), RecordHeader.of(HeaderNames.CONTENT_TYPE, ChangeCodec.JSON),
            RecordHeader.of(HeaderNames.REPLY_TO, replyTo.instance()),
            RecordHeader.of(HeaderNames.REQUEST_ID, replyTo.requestId())),
        value);
  }

  private static String status(Outcome outcome) {
    return switch (outcome) {
      case Outcome.EventStored _,Outcome.SpiritStored _ -> STORED;
      case Outcome.EventDuplicate _ -> DUPLICATE;
      case Outcome.EventAmended _,Outcome.SpiritAmended _ -> AMENDED;
      case Outcome.Rejected _ -> REJECTED;
    };
  }

  /** The outcome that a record's value is. */
  public static Decoded<Outcome> decode(byte[] value) {
    return ObjectDecoder.decode(value, UnknownFields.IGNORE, new OutcomeDecoder(), Json::envelopeParser);
  }

  private static final class OutcomeDecoder extends ObjectDecoder<Outcome> {
    private @Nullable String status;
    private @Nullable UUID id;
    private @Nullable Event event;
    private @Nullable Spirit spirit;
    private @Nullable String reason;
    private @Nullable String detail;

    @Override
    boolean member(String name, FieldReader value) {
      switch (name) {
        case "status" -> status = value.text();
        case "id" -> id = value.uuid();
        case "event" -> event = value.nested(StoredJson.eventDecoder(), UnknownFields.IGNORE);
        case "spirit" -> spirit = value.nested(StoredJson.spiritDecoder(), UnknownFields.IGNORE);
        case "reason" -> reason = value.text();
        case "detail" -> detail = value.text();
        default -> {
          return false;
        }
      }
      return true;
    }

    @Override
    void end(FieldReader reader) {
      reader.require("status", "id");
      if (reader.violations().isEmpty() && outcome() == null) {
        reader.report("/status", "must be one of stored, duplicate, amended, rejected, with what belongs to it");
      }
    }

    @Override
    Outcome build() {
      return requireNonNull(outcome());
    }

    private @Nullable Outcome outcome() {
      if (spirit != null) {
        return switch (requireNonNull(status)) {
          case STORED -> new Outcome.SpiritStored(spirit);
          case AMENDED -> new Outcome.SpiritAmended(spirit);
          default -> null;
        };
      }
      if (event != null) {
        return switch (requireNonNull(status)) {
          case STORED -> new Outcome.EventStored(event);
          case DUPLICATE -> new Outcome.EventDuplicate(event);
          case AMENDED -> new Outcome.EventAmended(event);
          default -> null;
        };
      }
      RejectionReason known = reason == null ? null : RejectionReason.ofWireName(reason);
      return REJECTED.equals(status) && known != null && detail != null
          ? new Outcome.Rejected(requireNonNull(id), known, detail)
          : null;
    }
  }
}
