package com.elephantasm.events.log;

import com.elephantasm.events.schema.RecordPosition;
import java.time.Instant;

/**
 * Proof that the log has a change: all in-sync replicas acknowledged it.
 *
 * @param timestamp the record's, to the millisecond, as the broker keeps it
 */
public record Receipt(RecordPosition position, Instant timestamp) {}
