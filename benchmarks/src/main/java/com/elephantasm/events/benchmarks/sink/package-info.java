/** The writer against Debezium's JDBC sink on Kafka Connect. */
@NullMarked
package com.elephantasm.events.benchmarks.sink;

import org.jspecify.annotations.NullMarked;
