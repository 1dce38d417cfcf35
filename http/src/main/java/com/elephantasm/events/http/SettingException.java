package com.elephantasm.events.http;

import java.io.Serial;

/** A setting with which the service does not start. The start ends with this message, and without a stack trace. */
public final class SettingException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  private final String remedy;

  /**
   * @param problem names the setting, what it must be and what it was
   * @param remedy what to do then, as a sentence
   */
  public SettingException(String problem, String remedy) {
    super(problem);
    this.remedy = remedy;
  }

  String remedy() {
    return remedy;
  }
}
