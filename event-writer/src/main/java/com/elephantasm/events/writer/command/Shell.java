package com.elephantasm.events.writer.command;

import java.util.List;
import java.util.stream.Collectors;

/** Commands as they are typed. */
final class Shell {
  private Shell() {}

  static String quoted(String argument) {
    return argument.matches("[\\w@%+=:,./-]+") ? argument : "'" + argument.replace("'", "'\\''") + "'";
  }

  static String line(List<String> arguments) {
    return arguments.stream().map(Shell::quoted).collect(Collectors.joining(" "));
  }

  /** What this program was started with, up to its own arguments. */
  static String program() {
    String command = System.getProperty("sun.java.command", "").split(" ", 2)[0];
    return command.endsWith(".jar") ? "java -jar " + quoted(command) : "java -cp … " + command;
  }
}
