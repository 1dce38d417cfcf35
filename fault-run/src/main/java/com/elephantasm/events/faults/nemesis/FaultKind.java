package com.elephantasm.events.faults.nemesis;

/** What can go wrong, with which of how many, and for how long (in seconds). */
public enum FaultKind {
  KILL_BROKER("SIGKILL", Subject.BROKER, 1, 6), STOP_BROKER("SIGTERM", Subject.BROKER, 1, 4), FREEZE_BROKER("SIGSTOP",
      Subject.BROKER, 2, 9), HOLD_KAFKA("its clients' packets are held up", Subject.BROKER, 2, 8), CUT_KAFKA(
          "its clients' connections are cut", Subject.BROKER, 1,
          3), HOLD_REPLICATION("the other brokers' packets are held up", Subject.BROKER, 3,
              9), MOVE_LEADERS("becomes the leader of every partition", Subject.BROKER, 0, 0), KILL_LEADER_AHEAD(
                  "SIGKILL as the leader of all, while the others are frozen and have not copied its last records",
                  Subject.BROKER, 2, 5), FILL_BROKER_DISK("its disk is full", Subject.BROKER, 2, 5),

  KILL_INGEST("SIGKILL", Subject.INGEST, 1, 5), STOP_INGEST("SIGTERM", Subject.INGEST, 0, 2), FREEZE_INGEST("SIGSTOP",
      Subject.INGEST, 2, 8), CUT_INGEST("its callers' connections are cut", Subject.INGEST, 1, 3),

  KILL_WRITER("SIGKILL", Subject.WRITER, 1, 5), STOP_WRITER("SIGTERM", Subject.WRITER, 0, 2),
  /** Longer than Kafka waits for it: it wakes up as one that lost its partitions in the middle of a transaction. */
  FREEZE_WRITER("SIGSTOP", Subject.WRITER, 3, 16), KILL_WRITER_WITH_BATCH(
      "SIGKILL while a batch waits for the database", Subject.WRITER, 1,
      4), HOLD_DATABASE("its packets to the database are held up", Subject.WRITER, 2, 12), CUT_DATABASE(
          "its connections to the database are cut", Subject.WRITER, 1,
          4), CUT_WRITER("its callers' connections are cut", Subject.WRITER, 1, 3),

  STOP_DATABASE("a fast shutdown", Subject.DATABASE, 1, 6), KILL_DATABASE("SIGKILL of the postmaster", Subject.DATABASE,
      1, 5), KILL_BACKEND("SIGKILL of a connection's process, so that all of it recovers", Subject.DATABASE, 0,
          0), FREEZE_DATABASE("SIGSTOP of all its processes", Subject.DATABASE, 2, 8), TERMINATE_CONNECTIONS(
              "ends all connections", Subject.DATABASE, 0, 0), LOCK_EVENTS("somebody holds a lock on the events",
                  Subject.DATABASE, 2, 6), FILL_DATABASE_DISK("its disk is full", Subject.DATABASE, 2, 5);

  /** What is meant by the number of a fault's subject. */
  enum Subject {
    BROKER(3), INGEST(2), WRITER(2), DATABASE(1);

    final int count;

    Subject(int count) {
      this.count = count;
    }
  }

  final String words;
  final Subject subject;
  final int shortest;
  final int longest;

  FaultKind(String words, Subject subject, int shortest, int longest) {
    this.words = words;
    this.subject = subject;
    this.shortest = shortest;
    this.longest = longest;
  }

  /** Whether it takes a disk that can be filled without harm to others. */
  boolean fillsDisk() {
    return this == FILL_BROKER_DISK || this == FILL_DATABASE_DISK;
  }
}
