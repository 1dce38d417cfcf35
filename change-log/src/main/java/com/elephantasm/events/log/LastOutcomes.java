package com.elephantasm.events.log;

import java.time.Duration;
import org.springframework.context.SmartLifecycle;

/**
 * Bounds how long requests wait for their outcomes when the service stops. A while, as nearly all come at once; not for as long
 * as they like, as a stop may take only so long. What is answered "accepted" then is in the log.
 */
final class LastOutcomes implements SmartLifecycle {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final WaitingRequests requests;
  private volatile boolean running;

  LastOutcomes(WaitingRequests requests) {
    this.requests = requests;
  }

  @Override
  public void start() {
    requests.begin();
    running = true;
  }

  @Override
  public void stop() {
    running = false;
    Thread.ofVirtual().name("last-outcomes").start(() -> {
      try {
        // A bound: requests whose outcome came sooner have been answered already.
        Thread.sleep(PATIENCE);
        if (!running) {
          requests.release();
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    });
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /** Before the web server's graceful shutdown (DEFAULT_PHASE - 1024), which waits for the requests that wait here. */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE - 512;
  }
}
