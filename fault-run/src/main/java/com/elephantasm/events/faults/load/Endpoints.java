package com.elephantasm.events.faults.load;

import java.net.URI;
import java.util.List;

/**
 * Where the pipeline is reached. A process keeps its address when it is started again.
 *
 * @param ingest the base addresses of the ingest-apis
 * @param writers the base addresses of the event-writers
 * @param bootstrapServers of Kafka, as clients see it
 * @param jdbcUrl of PostgreSQL, by a way that no fault touches
 */
public record Endpoints(List<URI> ingest, List<URI> writers, String bootstrapServers, String jdbcUrl, String username,
    String password) {}
