package com.elephantasm.events.faults.load;

import java.time.Duration;

/**
 * How much is sent, and how patient its senders are.
 *
 * @param seed of everything that is chosen by chance, but for how the clients' threads take turns
 * @param rate attempts per second of all clients together; each event of a batch and each try of it counts. After an outage they
 *     catch up, at twice the rate
 * @param clients how many clients of each kind, as a multiple of a small crew
 * @param spirits how many spirits there are at the beginning
 * @param patience how long a client tries to get one change acknowledged before it gives up
 * @param settling how long changes that are under way may take when the load stops
 * @param oldAge after which an acknowledged event is sent once more now and then
 */
public record LoadSettings(long seed, int rate, int clients, int spirits, Duration patience, Duration settling,
    Duration oldAge) {
  public static LoadSettings of(long seed) {
    return new LoadSettings(seed, 600, 1, 48, Duration.ofSeconds(60), Duration.ofSeconds(30), Duration.ofSeconds(45));
  }

  public LoadSettings withRate(int changed) {
    return new LoadSettings(seed, changed, clients, spirits, patience, settling, oldAge);
  }

  public LoadSettings withOldAge(Duration changed) {
    return new LoadSettings(seed, rate, clients, spirits, patience, settling, changed);
  }
}
