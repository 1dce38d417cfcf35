package com.elephantasm.events.schema;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A spirit as it is stored.
 *
 * @param createdAt the timestamp of the record that created it
 * @param updatedAt the timestamp of the record that last changed it
 */
public record Spirit(SpiritId id, String name, @Nullable String description, Metadata metadata, Instant createdAt,
    Instant updatedAt, boolean isDeleted) {

  /** The spirit that a record of that time creates. */
  public static Spirit created(SpiritId id, NewSpirit spirit, Instant at) {
    return new Spirit(id, spirit.name(), spirit.description(), spirit.metadata(), at, at, false);
  }

  /** The spirit after it was put again by a record of that time: as it was put, and not deleted. */
  public Spirit replaced(NewSpirit spirit, Instant at) {
    return new Spirit(id, spirit.name(), spirit.description(), spirit.metadata(), createdAt, at, false);
  }

  /** Whether putting this would change nothing. */
  public boolean isAlready(NewSpirit spirit) {
    return equals(replaced(spirit, updatedAt));
  }

  /** The spirit after an amendment by a record of that time. */
  public Spirit amended(SpiritAmendment amendment, Instant at) {
    return new Spirit(id, amendment.name().appliedToRequired(name), amendment.description().appliedTo(description),
        amendment.metadata().appliedToRequired(metadata), createdAt, at,
        amendment.isDeleted().appliedToRequired(isDeleted));
  }
}
