package com.elephantasm.events.servers;

/**
 * A Kafka broker for tests, embedded or in a container. Topics are not created by themselves, and every record is flushed to the
 * disk before it is acknowledged. Stopped and started again it has the same address and data.
 */
public sealed interface TestKafka extends AutoCloseable permits EmbeddedTestKafka, ContainerTestKafka {
  /** Returns when the broker answers. */
  static TestKafka start() {
    TestKafka kafka = stopped();
    kafka.restart();
    return kafka;
  }

  /** A broker that has its address, and is not there before {@link #restart()}. */
  static TestKafka stopped() {
    return switch (TestServers.chosen()) {
      case EMBEDDED -> new EmbeddedTestKafka();
      case CONTAINERS -> new ContainerTestKafka();
    };
  }

  String bootstrapServers();

  /** Stops the broker cleanly and waits for it; address and data stay. Stopping again has no effect. */
  void stop();

  /** Starts the stopped broker and waits until it answers. */
  void restart();

  /** Stops the broker and deletes its data. Closing again has no effect. */
  @Override
  void close();
}
