package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Outcome;

/** What became of a record whose sender asked for it, or that was redriven. */
public record Settled(LogEntry entry, Outcome outcome) {}
