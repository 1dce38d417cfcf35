package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.access.Caller;
import com.elephantasm.events.schema.SpiritId;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The spirits that a caller may see, as a condition: what it may not see is not even read. */
public final class VisibleSpirits {
  private VisibleSpirits() {}

  /** To follow another condition; empty where the caller may see all, for the planner's sake. */
  public static String condition(Caller caller, String column) {
    return caller.spirits().isEmpty() ? "" : "AND %s = ANY(:visible)\n".formatted(column);
  }

  /** The parameter of the condition. */
  public static UUID @Nullable [] of(Caller caller) {
    return caller.spirits().map(spirits -> spirits.stream().map(SpiritId::value).toArray(UUID[]::new)).orElse(null);
  }
}
