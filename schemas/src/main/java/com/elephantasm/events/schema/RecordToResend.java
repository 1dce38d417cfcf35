package com.elephantasm.events.schema;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A record that was rejected, as it is published again: whoever published it first may have left out anything. */
public record RecordToResend(Instant timestamp, byte @Nullable [] key, List<RecordHeader> headers,
    byte @Nullable [] value) {}
