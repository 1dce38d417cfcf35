package com.elephantasm.events.faults.load;

import java.util.Locale;
import java.util.random.RandomGenerator;

/** The kinds of clients. */
enum Crew {
  SINGLE(0.12, 10, SingleClient::new), BATCH(0.16, 3, BatchClient::new), UPLOAD(0.36, 4, UploadClient::new), DIRECT(
      0.22, 3, DirectClient::new), RESEND(0.09, 6,
          ResendClient::new), AMEND(0.04, 6, AmendClient::new), SPIRIT(0.01, 2, SpiritClient::new);

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
