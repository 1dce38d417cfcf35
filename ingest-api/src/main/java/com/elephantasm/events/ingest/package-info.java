/** Changes come in over HTTP and go into the log. */
@NullMarked
package com.elephantasm.events.ingest;

import org.jspecify.annotations.NullMarked;
