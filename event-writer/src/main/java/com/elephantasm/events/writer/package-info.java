/** The event-writer: the log into PostgreSQL, each change once, and the reads. */
@NullMarked
package com.elephantasm.events.writer;

import org.jspecify.annotations.NullMarked;
