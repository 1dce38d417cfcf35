package com.elephantasm.events.writer.consume;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param group the consumer group of the live writers
 * @param threads consumers in this process; more than the topic has partitions do nothing
 * @param batchSize the most records in one transaction
 */
@ConfigurationProperties("elephantasm.writer")
record ConsumeSettings(@DefaultValue("elephantasm-event-writer") String group, @DefaultValue("2") int threads,
    @DefaultValue("2000") int batchSize) {}
