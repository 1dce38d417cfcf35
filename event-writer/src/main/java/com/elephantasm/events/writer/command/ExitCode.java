package com.elephantasm.events.writer.command;

/** What a command ends with. After a signal it is the signal's: 130 for Ctrl-C, 143 for SIGTERM. */
final class ExitCode {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int WRONG = 2;
  static final int DRIFT = 3;
  static final int UNREACHABLE = 4;

  static final String OF_REPLAYS = """
      %nEnds with
        0    done, and nothing is wrong
        1    failed or cancelled
        2    the command line is wrong, or what it selects is impossible
        3    verify has found drift that is still there
        4    the service, Kafka or PostgreSQL cannot be reached
        130  paused by Ctrl-C, 143 by SIGTERM; what to type to resume is printed""";

  static final String OF_CONTROLS = """
      %nEnds with
        0    done
        1    failed: there is no such replay, or not in that state
        2    the command line is wrong
        4    the service, Kafka or PostgreSQL cannot be reached""";

  static final String OF_TRANSFERS = """
      %nEnds with
        0    done
        1    broken off
        2    the command line is wrong, or what it asks for is impossible; nothing was written
        4    Kafka cannot be reached
        130  stopped by Ctrl-C, 143 stopped by SIGTERM""";

  private ExitCode() {}
}
