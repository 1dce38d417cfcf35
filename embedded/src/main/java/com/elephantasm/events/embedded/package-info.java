/** A real Kafka broker and a real PostgreSQL server for one machine, each with a data folder that outlives the process. */
@NullMarked
package com.elephantasm.events.embedded;

import org.jspecify.annotations.NullMarked;
