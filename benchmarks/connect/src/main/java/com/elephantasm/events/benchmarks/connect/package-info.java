/** What lets Kafka Connect read the events of the log as they are. */
@NullMarked
package com.elephantasm.events.benchmarks.connect;

import org.jspecify.annotations.NullMarked;
