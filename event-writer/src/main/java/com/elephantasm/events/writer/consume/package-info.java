/** Reads the log, hands it to the store batch by batch, and tells those who asked what became of their change. */
@NullMarked
package com.elephantasm.events.writer.consume;

import org.jspecify.annotations.NullMarked;
