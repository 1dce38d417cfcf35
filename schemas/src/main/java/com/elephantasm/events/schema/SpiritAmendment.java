package com.elephantasm.events.schema;

/** A change of a spirit. */
public record SpiritAmendment(FieldChange<String> name, FieldChange<String> description, FieldChange<Metadata> metadata,
    FieldChange<Boolean> isDeleted) {

  /** Reads an amendment from JSON in UTF-8 and reports everything that is wrong with it, never by an exception. */
  public static Decoded<SpiritAmendment> fromJson(byte[] json, UnknownFields unknownFields) {
    return ObjectDecoder.decode(json, unknownFields, new SpiritAmendmentDecoder());
  }

  /** The soft delete: the spirit's row and events stay, new events for it are refused. */
  public static SpiritAmendment deletion() {
    return new SpiritAmendment(new FieldChange.Unchanged<>(), new FieldChange.Unchanged<>(),
        new FieldChange.Unchanged<>(), new FieldChange.SetTo<>(true));
  }
}
