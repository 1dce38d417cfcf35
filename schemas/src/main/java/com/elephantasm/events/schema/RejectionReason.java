package com.elephantasm.events.schema;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a record did not become a row. The names on the wire and in the dead letters are lower case with hyphens. */
public enum RejectionReason {
  /** Its value is not a JSON object in UTF-8. */
  MALFORMED,
  /** A field breaks the contract. */
  INVALID,
  /** Its {@code ce_type}, or the form that its {@code content-type} names, is none that we know. */
  UNSUPPORTED_TYPE,
  /** Its spirit is not there (yet). */
  UNKNOWN_SPIRIT,
  /** Its spirit was deleted before. */
  DELETED_SPIRIT,
  /** It amends an event that is not there. */
  UNKNOWN_EVENT,
  /** Its identity is that of an event with another payload. */
  CONFLICT,
  /** PostgreSQL refuses it, though it is valid by the contract. */
  REFUSED;

  public String wireName() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The reason of that name, null where there is none: a newer writer may know more of them. */
  public static @Nullable RejectionReason ofWireName(String name) {
    return Arrays.stream(values()).filter(reason -> reason.wireName().equals(name)).findFirst().orElse(null);
  }
}
