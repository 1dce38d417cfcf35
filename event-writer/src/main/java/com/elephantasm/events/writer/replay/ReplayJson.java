package com.elephantasm.events.writer.replay;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A replay as JSON: what HTTP answers and what the command line prints. */
public final class ReplayJson {
  private static final JsonMapper JSON = new JsonMapper();

  private ReplayJson() {}

  public static ObjectNode of(Replay replay) {
    ObjectNode node = JSON.createObjectNode().put("id", replay.id().toString()).put("mode", replay.mode().wireName())
        .put("state", replay.state().wireName()).put("phase", replay.phase()).put("detail", replay.detail());
    node.set("request", ReplayRequests.write(replay.request()));
    node.put("throttle", replay.throttle());
    node.set("progress", progress(replay));
    Replay.Counts counts = replay.counts();
    node.putObject("counts").put("stored", counts.stored()).put("duplicate", counts.duplicate())
        .put("amended", counts.amended()).put("skipped", counts.skipped()).put("rejected", counts.rejected());
    ReplayRun.Drift drift = replay.drift();
    node.putObject("drift").put("missing", drift.missing()).put("differing", drift.differing()).put("unexpected",
        drift.unexpected());
    node.set("result", replay.result() == null ? JSON.nullNode() : JSON.readTree(replay.result()));
    return node.put("requested_at", text(replay.requestedAt())).put("requested_by", replay.requestedBy())
        .put("started_at", text(replay.startedAt())).put("ended_at", text(replay.endedAt()));
  }

  private static ObjectNode progress(Replay replay) {
    ObjectNode progress = JSON.createObjectNode().put("read", replay.read()).put("total", replay.total());
    progress.put("rate", replay.rate() == null ? null : Math.round(replay.rate() * 10) / 10.0);
    progress.put("eta", replay.eta());
    ArrayNode partitions = progress.putArray("partitions");
    for (Replay.PartitionProgress each : replay.partitions()) {
      partitions.addObject().put("partition", each.partition()).put("start", each.start()).put("end", each.end())
          .put("next", each.next()).put("read", each.read());
    }
    return progress;
  }

  private static @Nullable String text(@Nullable Instant time) {
    return time == null ? null : time.toString();
  }
}
