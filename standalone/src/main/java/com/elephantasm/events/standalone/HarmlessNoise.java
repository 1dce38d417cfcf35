package com.elephantasm.events.standalone;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;

/** Keeps warnings off the console that Kafka gives at each clean start or stop, by logger and beginning. */
public final class HarmlessNoise extends Filter<ILoggingEvent> {
  private static final Map<String, String> BEGINNINGS = Map.of(
      "org.apache.kafka.controller.QuorumController",
      "[QuorumController id=1] Performing controller activation.",
      "org.apache.kafka.clients.NetworkClient",
      "[NodeToControllerChannelManager id=1 name=",
      // Whoever asks for a group while the first start creates this topic has the broker create it once more.
      "kafka.server.DefaultAutoTopicCreationManager",
      "Auto topic creation failed for __consumer_offsets with error 'TOPIC_ALREADY_EXISTS'");

  @Override
  public FilterReply decide(ILoggingEvent event) {
    String beginning = BEGINNINGS.get(event.getLoggerName());
    return beginning != null && event.getFormattedMessage().startsWith(beginning)
        ? FilterReply.DENY
        : FilterReply.NEUTRAL;
  }
}
