package com.elephantasm.events.log;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.springframework.core.NestedExceptionUtils;

/** What Kafka refuses, in words that say what to give: the client's own name neither the operation nor a remedy. */
public final class KafkaRefusals {
  private KafkaRefusals() {}

  /**
   * @param failure of a client of Kafka, or what wraps it
   * @param operations what was tried, as access control lists name it
   * @return empty where the failure is of another kind, such as an outage
   */
  public static Optional<String> describe(Throwable failure, AclOperation... operations) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof AuthenticationException refused) {
        return Optional.of(describe(refused));
      }
      if (cause instanceof AuthorizationException refused) {
        return Optional.of(describe(refused, List.of(operations)));
      }
    }
    return Optional.empty();
  }

  private static String describe(AuthenticationException e) {
    String why = NestedExceptionUtils.getMostSpecificCause(e).getMessage();
    return e instanceof SslAuthenticationException
        ? "authentication failed: no TLS connection to Kafka (%s): see spring.kafka.ssl.*".formatted(why)
        : "authentication failed: Kafka does not let this service in (%s): see spring.kafka.properties.sasl.*"
            .formatted(why);
  }

  private static String describe(AuthorizationException e, Collection<AclOperation> operations) {
    return switch (e) {
      case TopicAuthorizationException topics ->
        give(operations, "Topic " + String.join(", ", topics.unauthorizedTopics()));
      case GroupAuthorizationException group -> give(List.of(AclOperation.READ), "Group " + group.groupId());
      case ClusterAuthorizationException _ -> give(operations, "Cluster");
      default -> "not authorized: " + e.getMessage();
    };
  }

  static String give(Collection<AclOperation> operations, String resource) {
    return "not authorized: give %s on %s to this service's user"
        .formatted(String.join(" and ", operations.stream().map(AclOperation::name).toList()), resource);
  }
}
