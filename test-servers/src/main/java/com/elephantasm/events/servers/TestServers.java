package com.elephantasm.events.servers;

import org.testcontainers.DockerClientFactory;

/** Where the servers of the tests run, as {@value #PROPERTY} says. */
enum TestServers {
  EMBEDDED, CONTAINERS;

  static final String PROPERTY = "tests.servers";

  static TestServers chosen() {
    String chosen = System.getProperty(PROPERTY, "embedded");
    return switch (chosen) {
      case "embedded" -> EMBEDDED;
      case "containers" -> {
        requireDocker();
        yield CONTAINERS;
      }
      default ->
        throw new IllegalStateException("%s must be embedded or containers, was %s".formatted(PROPERTY, chosen));
    };
  }

  private static void requireDocker() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "the tests are to run on containers, and no Docker engine answers: start one, or run them without -Pcontainers");
    }
  }
}
