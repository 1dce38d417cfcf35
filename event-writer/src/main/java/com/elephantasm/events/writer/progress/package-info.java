/** How far the store has applied the log, whichever writer did it, and the reads that wait for it. */
@NullMarked
package com.elephantasm.events.writer.progress;

import org.jspecify.annotations.NullMarked;
