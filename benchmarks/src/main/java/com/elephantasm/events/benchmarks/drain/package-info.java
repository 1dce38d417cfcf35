/** The writer draining the topic, against COPY and against itself. */
@NullMarked
package com.elephantasm.events.benchmarks.drain;

import org.jspecify.annotations.NullMarked;
