package com.elephantasm.events.log;

import java.io.Serial;

/** A topic that is missing, or it or a setting of this service is such that the log would not keep what it acknowledges. */
final class TopicSettingsException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  private final String remedy;

  TopicSettingsException(String problem, String remedy) {
    super(problem);
    this.remedy = remedy;
  }

  String remedy() {
    return remedy;
  }
}
