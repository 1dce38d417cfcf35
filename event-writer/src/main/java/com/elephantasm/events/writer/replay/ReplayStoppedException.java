package com.elephantasm.events.writer.replay;

/** A replay is to stop where it stands: it was paused or cancelled, its process ends, or another process has taken it over. */
public final class ReplayStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  ReplayStoppedException() {
    super("the replay is to stop");
  }
}
