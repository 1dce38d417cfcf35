package com.elephantasm.events.writer.command;

import com.elephantasm.events.writer.transfer.TransferException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** How a command runs and ends, whichever program it is part of. */
final class Commands {
  private Commands() {}

  static int run(CommandSpec spec, Callable<Integer> command) {
    // What is logged goes to standard error: standard output is for what was asked for.
    PrintWriter _ = spec.commandLine().getOut();
    System.setOut(System.err);
    try {
      return command.call();
    } catch (ParameterException e) {
      throw e;
    } catch (CommandFailedException e) {
      return fail(spec, e);
    } catch (TransferException e) {
      return fail(spec, new CommandFailedException(
          e.reason() == TransferException.Cause.IMPOSSIBLE ? ExitCode.WRONG : ExitCode.FAILED,
          String.valueOf(e.getMessage())));
    } catch (RuntimeException e) {
      return fail(spec, Failures.asCommandFailure(e));
    } catch (Exception e) {
      return fail(spec, new CommandFailedException(ExitCode.FAILED, e.toString()));
    }
  }

  private static int fail(CommandSpec spec, CommandFailedException e) {
    spec.commandLine().getErr().println(e.getMessage());
    spec.commandLine().getErr().flush();
    return e.exitCode();
  }
}
