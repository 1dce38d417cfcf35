package com.elephantasm.events.schema;

/** Reads an amendment of an event. */
final class EventAmendmentDecoder extends ObjectDecoder<EventAmendment> {
  private FieldChange<String> metaSummary = new FieldChange.Unchanged<>();
  private FieldChange<Double> importanceScore = new FieldChange.Unchanged<>();
  private FieldChange<Metadata> metadata = new FieldChange.Unchanged<>();
  private FieldChange<String> role = new FieldChange.Unchanged<>();
  private FieldChange<String> author = new FieldChange.Unchanged<>();
  private FieldChange<Boolean> isDeleted = new FieldChange.Unchanged<>();

  @Override
  boolean member(String name, FieldReader value) {
    switch (name) {
      case "meta_summary" -> metaSummary = value.nullable(FieldReader::text);
      case "importance_score" -> importanceScore = value.nullable(FieldReader::fraction);
      case "metadata" -> metadata = value.required(FieldReader::metadata);
      case "role" -> role = value.nullable(v -> v.text(NewEvent.MAX_ROLE_LENGTH, true));
      case "author" -> author = value.nullable(v -> v.text(NewEvent.MAX_AUTHOR_LENGTH, true));
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
  EventAmendment build() {
    return new EventAmendment(metaSummary, importanceScore, metadata, role, author, isDeleted);
  }
}
