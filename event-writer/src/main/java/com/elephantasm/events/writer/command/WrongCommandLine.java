package com.elephantasm.events.writer.command;

import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;

/** Tells what is wrong with a command line in one line, where picocli would print the whole help below it. */
public final class WrongCommandLine implements IParameterExceptionHandler {
  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("%s ('%s --help' says more)".formatted(e.getMessage(),
        command.getCommandSpec().qualifiedName()));
    command.getErr().flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }
}
