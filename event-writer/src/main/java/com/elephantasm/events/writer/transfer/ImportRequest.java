package com.elephantasm.events.writer.transfer;

import org.jspecify.annotations.Nullable;

/**
 * How an export is put into a topic.
 *
 * @param create whether the topic is made, with the settings of the log, where it is not there
 * @param partitions of a topic that is made; null is as many as the exported one has
 * @param append whether it is accepted that the topic has records already
 * @param byKey whether the key says which partition a record goes to, as for a producer, and not the partition that it had
 * @param verbatim whether nothing is added to a record that is identified by its place: elsewhere it is another event then
 * @param allowTruncated whether a file is accepted that does not have the last line of an export
 * @param skip how many records at the beginning are left out, as they are in the topic already
 */
public record ImportRequest(String topic, boolean create, @Nullable Integer partitions, boolean append, boolean byKey,
    boolean verbatim, boolean allowTruncated, long skip) {}
