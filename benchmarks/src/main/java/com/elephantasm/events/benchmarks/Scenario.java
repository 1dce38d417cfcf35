package com.elephantasm.events.benchmarks;

import com.elephantasm.events.benchmarks.measure.Result;
import com.elephantasm.events.benchmarks.servers.Servers;

/** One claim that is measured. Add it to {@link Scenarios}. */
public interface Scenario {
  /** As it is called on the command line. */
  String name();

  /** What is compared with what, in one sentence. */
  String description();

  /**
   * Measures it.
   *
   * @param servers its own for as long as it runs, without topics or databases of others
   * @throws Exception if something failed that has to work for the figures to mean anything
   */
  Result run(Servers servers, Options options) throws Exception;
}
