package com.elephantasm.events.schema;

/** Reads an amendment of a spirit. */
final class SpiritAmendmentDecoder extends ObjectDecoder<SpiritAmendment> {
  private FieldChange<String> name = new FieldChange.Unchanged<>();
  private FieldChange<String> description = new FieldChange.Unchanged<>();
  private FieldChange<Metadata> metadata = new FieldChange.Unchanged<>();
  private FieldChange<Boolean> isDeleted = new FieldChange.Unchanged<>();

  @Override
  boolean member(String member, FieldReader value) {
    switch (member) {
      case "name" -> name = value.required(v -> v.text(NewSpirit.MAX_NAME_LENGTH, false));
      case "description" -> description = value.nullable(FieldReader::text);
      case "metadata" -> metadata = value.required(FieldReader::metadata);
      case "is_deleted" -> isDeleted = value.required(FieldReader::bool);
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  boolean emptyIsAnError() {
    return true;
  }

  @Override
  void end(FieldReader reader) {}

  @Override
  SpiritAmendment build() {
    return new SpiritAmendment(name, description, metadata, isDeleted);
  }
}
