package com.elephantasm.events.faults.cluster;

import java.time.Duration;

/** A server or service that can be started, stopped, killed and frozen, and keeps its address and its data through all of it. */
public interface Node {
  String name();

  /** Starts it; returns at once or when it runs, but not necessarily when it can do its work. */
  void start();

  /** Whether it says that it can do its work. */
  boolean isReady();

  /** As SIGTERM does. Returns when it has ended; kills it where that takes longer than the patience. */
  Stopped stop(Duration patience);

  /** As SIGKILL does. Returns when it has ended. */
  void kill();

  /** As SIGSTOP does: it keeps its connections and answers nobody. */
  void freeze();

  /** As SIGCONT does. */
  void thaw();

  boolean isRunning();

  /** How it ended when it was asked to. */
  record Stopped(boolean inTime, int exitCode) {}
}
