package com.elephantasm.events.schema;

/**
 * Who wants to know the outcome of a record: any producer may ask, by two headers.
 *
 * @param instance names the asker among all readers of the outcomes topic
 * @param requestId comes back with the outcome; unique for the instance
 */
public record ReplyTo(String instance, String requestId) {}
