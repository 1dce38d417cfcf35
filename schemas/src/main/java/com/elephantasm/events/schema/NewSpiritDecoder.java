package com.elephantasm.events.schema;

import static java.util.Objects.requireNonNull;

import org.jspecify.annotations.Nullable;

/** Reads a new spirit. */
final class NewSpiritDecoder extends ObjectDecoder<NewSpirit> {
  private @Nullable String name;
  private @Nullable String description;
  private @Nullable Metadata metadata;

  @Override
  boolean member(String member, FieldReader value) {
    switch (member) {
      case "name" -> name = value.text(NewSpirit.MAX_NAME_LENGTH, false);
      case "description" -> description = value.optional(FieldReader::text);
      case "metadata" -> metadata = value.optional(FieldReader::metadata);
      default -> {
        return false;
      }
    }
    return true;
  }

  @Override
  void end(FieldReader reader) {
    reader.require("name");
  }

  @Override
  NewSpirit build() {
    return new NewSpirit(requireNonNull(name), description, metadata == null ? Metadata.EMPTY : metadata);
  }
}
