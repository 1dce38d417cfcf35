package com.elephantasm.events.servers;

/**
 * A PostgreSQL server for tests, embedded or in a container, with a database "elephantasm" that belongs to the role
 * "elephantasm", which is no superuser. Commits are durable. Stopped and started again it has the same address and data. It is
 * closed when the JVM ends, if not before.
 */
public sealed interface TestPostgres extends AutoCloseable permits EmbeddedTestPostgres, ContainerTestPostgres {
  /** Name of the superuser. */
  String SUPERUSER = "postgres";

  /** Returns when the server answers. */
  static TestPostgres start() {
    return switch (TestServers.chosen()) {
      case EMBEDDED -> new EmbeddedTestPostgres();
      case CONTAINERS -> new ContainerTestPostgres();
    };
  }

  /** Of the database "elephantasm", without parameters. */
  String jdbcUrl();

  default String username() {
    return "elephantasm";
  }

  default String password() {
    return "elephantasm";
  }

  /** Of {@link #SUPERUSER}. */
  String superuserPassword();

  /** Ends open connections, stops the server and waits for it; address and data stay. Stopping again has no effect. */
  void stop();

  /** Starts the stopped server and waits until it answers. */
  void restart();

  /** From now on it takes connections and says nothing, as all its processes are halted. Not on Windows. */
  void pause();

  /** Goes on after {@link #pause()}. */
  void unpause();

  /** Stops the server and deletes its data. Closing again has no effect. */
  @Override
  void close();
}
