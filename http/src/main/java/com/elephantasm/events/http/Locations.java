package com.elephantasm.events.http;

import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.SpiritId;
import java.net.URI;

/** Where spirits and events are, for {@code Location}. */
public final class Locations {
  private Locations() {}

  public static URI of(SpiritId id) {
    return URI.create("/api/v1/spirits/" + id);
  }

  public static URI of(EventId id) {
    return URI.create("/api/v1/events/" + id);
  }
}
