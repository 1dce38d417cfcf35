package com.elephantasm.events.standalone;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What is done with API keys; only by its sub-commands. */
@Command(name = "key", mixinStandardHelpOptions = true, description = "Makes API keys.", subcommands = KeyCreation.class)
final class KeyCommand implements Runnable {
  @Spec
  private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "what to do with keys is missing, such as: key create");
  }
}
