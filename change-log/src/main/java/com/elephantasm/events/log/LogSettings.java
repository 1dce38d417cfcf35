package com.elephantasm.events.log;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The topics, and the bounds within which publishing succeeds or fails. Where Kafka is and how to log in there is
 * {@code spring.kafka.*}.
 *
 * @param topic the log: every change of spirits and events
 * @param outcomesTopic where the writer answers those who asked
 * @param partitions of both topics when they are created here; later growth would break the order of each spirit's changes
 * @param outcomesRetention how long an outcome is kept
 * @param maxRecordSize the largest record, in bytes; above the largest HTTP body, as JSON and headers around it take room
 * @param deliveryTimeout how long publishing may take before it has failed, retries included
 * @param blockTimeout how long publishing may wait for a place in the buffer or for the topic's metadata
 * @param bufferSize the producer's buffer; when it is full, publishing fails instead of piling up
 */
@ConfigurationProperties("elephantasm.log")
public record LogSettings(@DefaultValue("elephantasm.events") String topic,
    @DefaultValue("elephantasm.outcomes") String outcomesTopic, @DefaultValue("12") int partitions,
    @DefaultValue("1h") Duration outcomesRetention, @DefaultValue("2MB") DataSize maxRecordSize,
    @DefaultValue("5s") Duration deliveryTimeout, @DefaultValue("2s") Duration blockTimeout,
    @DefaultValue("32MB") DataSize bufferSize) {}
