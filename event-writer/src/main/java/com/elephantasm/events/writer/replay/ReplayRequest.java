package com.elephantasm.events.writer.replay;

import com.elephantasm.events.schema.SpiritId;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a replay is asked to do.
 *
 * @param topic any topic with records of the log: the log itself, an archive, a mirror
 * @param partitions which of its partitions; empty is all
 * @param from where to begin; null is the beginning of the log
 * @param to where to end; null is the end that the log has when the replay is asked for, which is also the latest end there is
 * @param agentId only records about this spirit; null is all
 * @param eventType only new events of this type; null is all records
 * @param throttle the most records that are read in a second; null is as many as it can
 * @param repair for a verification: whether the store is put right where it is found to differ
 * @param acceptGaps for a rebuild: whether it is accepted that the log no longer begins at its beginning
 * @param reportLimit for a verification: how many differences of each kind are told in full
 */
public record ReplayRequest(ReplayMode mode, String topic, Set<Integer> partitions, @Nullable Bound from,
    @Nullable Bound to, @Nullable SpiritId agentId, @Nullable String eventType, @Nullable Long throttle,
    boolean repair, boolean acceptGaps, int reportLimit) {
  public static final int DEFAULT_REPORT_LIMIT = 100;

  public ReplayRequest {
    partitions = Set.copyOf(new TreeSet<>(partitions));
  }

  /** Whether it takes all that the log says in the partitions and stretches that it reads. */
  public boolean takesEveryRecord() {
    return agentId == null && eventType == null && !(from instanceof Bound.At) && !(to instanceof Bound.At);
  }
}
