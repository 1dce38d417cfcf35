package com.elephantasm.events.faults.load;

import java.net.http.HttpClient;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.random.RandomGenerator;

/** What all clients of a load share. */
record Bench(Endpoints endpoints, History history, LoadSettings settings, Stopping stopping, HttpClient http,
    List<UUID> spirits, OldEvents oldEvents, Readers readers) {
  static Bench of(Endpoints endpoints, History history, LoadSettings settings) {
    return new Bench(endpoints, history, settings, new Stopping(), Gateway.newClient(), new CopyOnWriteArrayList<>(),
        new OldEvents(settings.oldAge()), new Readers());
  }

  UUID anySpirit(RandomGenerator random) {
    return spirits.get(random.nextInt(spirits.size()));
  }

  Gateway ingest(RandomGenerator random) {
    return new Gateway(http, endpoints.ingest(), random.nextInt(endpoints.ingest().size()));
  }

  Gateway writers(RandomGenerator random) {
    return new Gateway(http, endpoints.writers(), random.nextInt(endpoints.writers().size()));
  }

  Backoff backoff(RandomGenerator random) {
    return new Backoff(stopping, random, settings.patience());
  }
}
