/** Replays: jobs that read a topic of the log again, to apply it, to compare the store with it, or to make the store anew. */
@NullMarked
package com.elephantasm.events.writer.replay;

import org.jspecify.annotations.NullMarked;
