package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Event;
import java.util.UUID;

/** A new event as its row, with the record that made it. */
record EventRow(Event event, UUID payloadDigest, Position created) {}
