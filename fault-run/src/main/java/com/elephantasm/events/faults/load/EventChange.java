package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentChange.Kind;
import java.util.random.RandomGenerator;
import tools.jackson.databind.node.ObjectNode;

/**
 * One try of one change of an event. It says which one it is in the summary, in the metadata, or in both; a deletion says nothing.
 *
 * @param body of the request; empty for a deletion
 */
record EventChange(Kind kind, String mark, boolean inSummary, boolean inMetadata, byte[] body) {
  static EventChange deletion(String mark) {
    return new EventChange(Kind.DELETE, mark, false, false, new byte[0]);
  }

  static EventChange amendment(Kind kind, String mark, RandomGenerator random) {
    boolean inSummary = random.nextBoolean();
    boolean inMetadata = !inSummary || random.nextInt(4) == 0;
    ObjectNode json = Json.MAPPER.createObjectNode();
    if (kind == Kind.RESTORE) {
      json.put("is_deleted", false);
    }
    if (inSummary) {
      json.put("meta_summary", mark);
    }
    if (inMetadata) {
      json.putObject("metadata").put("mark", mark).put("more", random.nextInt());
    }
    switch (random.nextInt(5)) {
      case 0 -> json.put("importance_score", random.nextInt(101) / 100.0);
      case 1 -> json.putNull("importance_score").put("role", "role of " + mark);
      case 2 -> json.put("author", "author of " + mark);
      default -> {
      }
    }
    return new EventChange(kind, mark, inSummary, inMetadata, Json.MAPPER.writeValueAsBytes(json));
  }
}
