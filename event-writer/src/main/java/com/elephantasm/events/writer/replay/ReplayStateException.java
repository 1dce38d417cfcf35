package com.elephantasm.events.writer.replay;

/** A replay is in a state in which this cannot be done with it. */
public final class ReplayStateException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final ReplayState state;

  ReplayStateException(ReplayState state, String message) {
    super(message);
    this.state = state;
  }

  public ReplayState state() {
    return state;
  }
}
