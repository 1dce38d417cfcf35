package com.elephantasm.events.http;

import com.elephantasm.events.schema.RecordPosition;
import java.util.UUID;

/**
 * The body of a 202: the log has the change, the store will follow.
 *
 * @param id of the event or spirit, which it keeps
 * @param receipt where the change stands in the log
 */
record Accepted(UUID id, String status, RecordPosition receipt) {
  static Accepted of(UUID id, RecordPosition position) {
    return new Accepted(id, "accepted", position);
  }
}
