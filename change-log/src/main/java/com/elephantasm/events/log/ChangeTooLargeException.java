package com.elephantasm.events.log;

/** The record is larger than the producer ({@code max.request.size}) or the topic ({@code max.message.bytes}) takes. */
public final class ChangeTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ChangeTooLargeException(Throwable cause) {
    super("the record is larger than the log takes: " + cause.getMessage(), cause);
  }
}
