package com.elephantasm.events.log;

import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/**
 * What a service does with the topics, as the access control lists of Kafka name it. A service that does more than publish and wait
 * for outcomes has a bean of this; {@link LogAccess} asks Kafka whether it may.
 *
 * @param log on {@link LogSettings#topic()}
 * @param outcomes on {@link LogSettings#outcomesTopic()}
 * @param group the consumer group in which it reads the log, if it does
 */
public record LogRights(Set<AclOperation> log, Set<AclOperation> outcomes, @Nullable String group) {
  public LogRights {
    log = Set.copyOf(log);
    outcomes = Set.copyOf(outcomes);
  }
}
