package com.elephantasm.events.log;

import java.util.Map;

/**
 * A topic as Kafka has it.
 *
 * @param replicas the fewest that a partition has
 * @param settings empty where this service may not read them
 */
record TopicState(int partitions, int replicas, Map<String, String> settings) {}
