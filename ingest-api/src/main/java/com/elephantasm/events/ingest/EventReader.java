package com.elephantasm.events.ingest;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.Decoded;

/** Reads one event of a batch in the form that the batch's media type has: the text of an element or a line. */
@FunctionalInterface
interface EventReader {
  Decoded<Change.EventCreated> read(byte[] json);
}
