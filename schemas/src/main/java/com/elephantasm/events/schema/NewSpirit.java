package com.elephantasm.events.schema;

import org.jspecify.annotations.Nullable;

/** A spirit as its creator gave it. */
public record NewSpirit(String name, @Nullable String description, Metadata metadata) {
  static final int MAX_NAME_LENGTH = 255;

  /** @throws IllegalArgumentException where a value breaks the contract; read untrusted input with {@link #fromJson} */
  public NewSpirit {
    Text.check("name", name, MAX_NAME_LENGTH, false);
    Text.check("description", description, Text.UNBOUNDED, true);
  }

  /** Reads a new spirit from JSON in UTF-8 and reports everything that is wrong with it, never by an exception. */
  public static Decoded<NewSpirit> fromJson(byte[] json, UnknownFields unknownFields) {
    return ObjectDecoder.decode(json, unknownFields, new NewSpiritDecoder());
  }
}
