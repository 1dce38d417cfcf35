/** Amendments and deletions of events over HTTP: looked up in the store, published to the log, answered as stored. */
@NullMarked
package com.elephantasm.events.writer.amend;

import org.jspecify.annotations.NullMarked;
