package com.elephantasm.events.settings;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Tells of a setting with which nothing starts in one line, where Boot has a page. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingReporter implements SpringBootExceptionReporter {
  private static final Logger LOG = LoggerFactory.getLogger(SettingReporter.class);

  @Override
  public boolean reportException(Throwable failure) {
    Optional<String> line = SettingFailure.line(failure);
    line.ifPresent(LOG::error);
    return line.isPresent();
  }
}
