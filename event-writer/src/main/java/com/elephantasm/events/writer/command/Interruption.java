package com.elephantasm.events.writer.command;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What happens when Ctrl-C or SIGTERM ends this process: something is told to stop, and the process waits for its main thread to say
 * what came of it. It ends with the signal's exit code then, as the JVM does.
 */
final class Interruption implements AutoCloseable {
  /** A pause takes a second or so; a rebuild may be within a statement that takes longer. */
  private static final Duration LONGEST = Duration.ofSeconds(90);

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;
  private volatile boolean wanted;

  Interruption(Runnable stop) {
    hook = new Thread(() -> {
      wanted = true;
      stop.run();
      try {
        if (!done.await(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
          System.err.println("not stopped within %d s".formatted(LONGEST.toSeconds()));
        }
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    }, "interruption");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  boolean isWanted() {
    return wanted;
  }

  /** The main thread is done. */
  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException _) {
      // The process is ending already.
    }
  }
}
