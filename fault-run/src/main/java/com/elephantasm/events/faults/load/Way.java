package com.elephantasm.events.faults.load;

/** One way of sending one event. */
interface Way {
  String name();

  /** Tries once. */
  Answer send(SentEvent event) throws InterruptedException;
}
