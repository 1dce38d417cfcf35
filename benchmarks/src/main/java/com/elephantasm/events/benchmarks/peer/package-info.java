/** What the ingest-api is compared with: the same web server with as little behind it as there can be, and a bare producer. */
@NullMarked
package com.elephantasm.events.benchmarks.peer;

import org.jspecify.annotations.NullMarked;
