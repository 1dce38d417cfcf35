/** Reads of events and spirits over HTTP: by id, by filter in pages, whole sessions, counts. */
@NullMarked
package com.elephantasm.events.writer.query;

import org.jspecify.annotations.NullMarked;
