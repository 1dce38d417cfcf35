package com.elephantasm.events.benchmarks.servers;

import java.util.List;

/** What a JVM runs. */
public record Program(String classPath, String main, List<String> arguments) {
  /** One of this JVM's class path. */
  public static Program of(Class<?> main, List<String> arguments) {
    return new Program(System.getProperty("java.class.path"), main.getName(), arguments);
  }
}
