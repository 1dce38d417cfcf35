package com.elephantasm.events.http;

import java.io.IOException;

/** A body did not arrive whole: whatever of it was read before must not be taken for all of it. */
public final class BrokenBodyException extends IOException {
  private static final long serialVersionUID = 1;

  private final transient Problem problem;

  BrokenBodyException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  /** What to answer, if there is still somebody to answer. */
  public Problem problem() {
    return problem;
  }
}
