package com.elephantasm.events.writer.transfer;

/**
 * What an import has done.
 *
 * @param imported records that are in the topic now, acknowledged by all in-sync replicas
 * @param done the same and those that were skipped: how many to skip in order to go on
 * @param marked how many of them are identified by their place in the exported topic, stand elsewhere now, and say so in a header
 * @param identifiedByPlace how many are identified by their place and say nothing of it, at another place: other events than before
 * @param complete whether the end of the export was reached
 */
public record ImportResult(long imported, long done, long marked, long identifiedByPlace, boolean complete) {}
