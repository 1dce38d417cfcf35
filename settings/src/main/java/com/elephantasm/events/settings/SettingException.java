package com.elephantasm.events.settings;

import java.io.Serial;

/** A setting with which nothing starts. The start ends with this message, as one line and without a stack trace. */
public final class SettingException extends RuntimeException {
  @Serial
  private static final long serialVersionUID = 1;

  /**
   * @param problem names the setting, what it must be and what it was, as a sentence
   * @param remedy what to do then, as a sentence
   */
  public SettingException(String problem, String remedy) {
    super(problem + " " + remedy);
  }
}
