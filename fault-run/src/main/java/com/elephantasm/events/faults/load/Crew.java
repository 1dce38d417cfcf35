package com.elephantasm.events.faults.load;

import java.util.Locale;
import java.util.random.RandomGenerator;

/** The kinds of clients. */
enum Crew {
  /** One event per request. */
  SINGLE(0.14, 24, SingleClient::new),
  /** Arrays. */
  BATCH(0.16, 3, BatchClient::new),
  /** NDJSON. */
  UPLOAD(0.32, 4, UploadClient::new),
  /** Straight onto the topic. */
  DIRECT(0.22, 3, DirectClient::new),
  /** Old events once more, and conflicts with them. */
  RESEND(0.10, 12, ResendClient::new),
  /** Events that are changed. */
  AMEND(0.05, 16, AmendClient::new),
  /** Spirits that are changed, and such as come late. */
  SPIRIT(0.01, 3, SpiritClient::new);

  private interface Hiring {
    Client hire(String name, Bench bench, RandomGenerator random, Pace pace);
  }

  private final double share;
  private final int size;
  private final Hiring hiring;

  /**
   * @param share of all attempts
   * @param size how many of them there are
   */
  Crew(double share, int size, Hiring hiring) {
    this.share = share;
    this.size = size;
    this.hiring = hiring;
  }

  double share() {
    return share;
  }

  int size() {
    return size;
  }

  String clientName() {
    return name().toLowerCase(Locale.ROOT);
  }

  Client client(String name, Bench bench, RandomGenerator random, Pace pace) {
    return hiring.hire(name, bench, random, pace);
  }
}
