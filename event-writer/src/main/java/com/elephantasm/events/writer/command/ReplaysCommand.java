package com.elephantasm.events.writer.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What all commands about replays have in common. */
abstract class ReplaysCommand implements Callable<Integer> {
  @Mixin
  Output output = new Output();

  @Mixin
  Connection connection = new Connection();

  @Spec
  CommandSpec spec = CommandSpec.create();

  @Override
  public final Integer call() {
    return Commands.run(spec, () -> {
      check();
      try (Replays replays = connection.open()) {
        return run(replays);
      }
    });
  }

  /** What can be told without asking anybody. */
  void check() {}

  abstract int run(Replays replays);
}
