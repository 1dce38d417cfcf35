package com.elephantasm.events.faults.load;

/**
 * The rate at which some clients work. What they could not do while something was away they catch up, at twice the rate; more than
 * a minute's work is forgotten.
 */
final class Pace {
  private static final long LONGEST_DEBT = 60_000_000_000L;
  private static final int CATCHING_UP = 2;

  private final double nanosEach;
  private long due = System.nanoTime();
  private long earliest = due;

  /** @param rate per second */
  Pace(double rate) {
    nanosEach = 1e9 / rate;
  }

  /** Waits for the turn of so many attempts; false where the load is to end. */
  boolean await(int attempts, Stopping stopping) throws InterruptedException {
    return stopping.idle(Math.max(0, turn(attempts) - System.nanoTime()));
  }

  private synchronized long turn(int attempts) {
    long now = System.nanoTime();
    due = Math.max(due, now - LONGEST_DEBT);
    long turn = Math.max(now, Math.max(due, earliest));
    due += (long) (attempts * nanosEach);
    earliest = turn + (long) (attempts * nanosEach / CATCHING_UP);
    return turn;
  }
}
