package com.elephantasm.events.log;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Ends the start with what is wrong and what to do, and without a stack trace. */
final class TopicSettingsFailureAnalyzer extends AbstractFailureAnalyzer<TopicSettingsException> {
  @Override
  protected FailureAnalysis analyze(Throwable rootFailure, TopicSettingsException cause) {
    return new FailureAnalysis(String.valueOf(cause.getMessage()), cause.remedy(), cause);
  }
}
