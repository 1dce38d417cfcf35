package com.elephantasm.events.schema;

/** A change of the fields of a stored event that can change. */
public record EventAmendment(FieldChange<String> metaSummary, FieldChange<Double> importanceScore,
    FieldChange<Metadata> metadata, FieldChange<String> role, FieldChange<String> author,
    FieldChange<Boolean> isDeleted) {

  /** Reads an amendment from JSON in UTF-8 and reports everything that is wrong with it, never by an exception. */
  public static Decoded<EventAmendment> fromJson(byte[] json, UnknownFields unknownFields) {
    return ObjectDecoder.decode(json, unknownFields, new EventAmendmentDecoder());
  }

  /** The soft delete: the event stays in log and store, and reads no longer show it. */
  public static EventAmendment deletion() {
    return new EventAmendment(new FieldChange.Unchanged<>(), new FieldChange.Unchanged<>(),
        new FieldChange.Unchanged<>(), new FieldChange.Unchanged<>(), new FieldChange.Unchanged<>(),
        new FieldChange.SetTo<>(true));
  }
}
