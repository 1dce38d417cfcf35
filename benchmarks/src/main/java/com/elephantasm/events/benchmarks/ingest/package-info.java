/** The ingest-api against the same web server, and Kafka's producer, with less to do. */
@NullMarked
package com.elephantasm.events.benchmarks.ingest;

import org.jspecify.annotations.NullMarked;
