package com.elephantasm.events.embedded;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * A command whose process is one server. A signal stops the server cleanly, and the process then ends with the code that is usual
 * for the signal: 143 for SIGTERM, 130 for Ctrl-C. A server that cannot start or that fails is one line on standard error and
 * code 1.
 */
public abstract sealed class ServerProcess implements Callable<Integer> permits KafkaCommand, PostgresCommand {
  static final String EXIT_CODES = "%nEnds with 143 after SIGTERM and 130 after Ctrl-C, the server cleanly stopped; with 1 if the server fails.";

  @Spec
  private CommandSpec spec = CommandSpec.create();

  record Running(AutoCloseable server, String description, CompletableFuture<Void> end) {}

  ServerProcess() {}

  abstract Running start();

  @Override
  public final Integer call() throws Exception {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try {
      Running running = start();
      AtomicBoolean stopping = new AtomicBoolean();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running, stopping), "stop-server"));
      out.println(running.description());
      out.flush();
      running.end().join();
      if (stopping.get()) {
        Thread.sleep(Long.MAX_VALUE); // The process is ending, and its exit code is the signal's.
      }
      err.println("the server has ended; its log says why");
    } catch (EmbeddedServerException | CompletionException e) {
      err.println(e instanceof CompletionException failed && failed.getCause() instanceof Throwable cause
          ? cause.getMessage()
          : e.getMessage());
    }
    err.flush();
    return 1;
  }

  private static void stop(Running running, AtomicBoolean stopping) {
    stopping.set(true);
    try {
      running.server().close();
    } catch (Exception e) {
      System.err.println("the server did not stop cleanly: " + e.getMessage());
    }
  }
}
