/** The command line of the event-writer: replays, exports and imports. */
@NullMarked
package com.elephantasm.events.writer.command;

import org.jspecify.annotations.NullMarked;
