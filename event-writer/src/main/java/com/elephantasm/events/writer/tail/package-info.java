/** Live tails: the newly stored events of a spirit as server-sent events, each once, wherever a cut tail goes on. */
@NullMarked
package com.elephantasm.events.writer.tail;

import org.jspecify.annotations.NullMarked;
