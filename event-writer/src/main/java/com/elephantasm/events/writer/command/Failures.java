package com.elephantasm.events.writer.command;

import com.elephantasm.events.log.KafkaRefusals;
import com.elephantasm.events.settings.SettingFailure;
import java.util.Optional;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.RetriableException;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.TransactionException;

/** Exceptions of Kafka and PostgreSQL in words. */
final class Failures {
  private Failures() {}

  static CommandFailedException asCommandFailure(RuntimeException e) {
    if (e instanceof CommandFailedException failed) {
      return failed;
    }
    Optional<String> setting = SettingFailure.line(e);
    if (setting.isPresent()) {
      return new CommandFailedException(ExitCode.WRONG, setting.get());
    }
    String why = KafkaRefusals.describe(e, AclOperation.READ).orElseGet(() -> why(e));
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof KafkaException kafka) {
        return isAway(kafka)
            ? new CommandFailedException(ExitCode.UNREACHABLE, "Kafka cannot be reached: " + why)
            : new CommandFailedException(ExitCode.FAILED, "Kafka refuses: " + why);
      }
      if (cause instanceof DataAccessResourceFailureException || cause instanceof TransientDataAccessException
          || cause instanceof TransactionException) {
        return new CommandFailedException(ExitCode.UNREACHABLE, "PostgreSQL cannot be reached: " + why);
      }
    }
    return new CommandFailedException(ExitCode.FAILED, why);
  }

  /** Whatever is no answer: names that do not resolve, no connection, no answer in time. */
  private static boolean isAway(KafkaException e) {
    return !(e instanceof ApiException) || e instanceof RetriableException || e instanceof AuthenticationException;
  }

  private static String why(Throwable e) {
    Throwable root = NestedExceptionUtils.getMostSpecificCause(e);
    return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
  }
}
