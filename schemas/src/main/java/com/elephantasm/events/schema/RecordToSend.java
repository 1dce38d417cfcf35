package com.elephantasm.events.schema;

import java.util.List;

/** A record as it is published: to which topic and when is the publisher's business. */
public record RecordToSend(byte[] key, List<RecordHeader> headers, byte[] value) {}
