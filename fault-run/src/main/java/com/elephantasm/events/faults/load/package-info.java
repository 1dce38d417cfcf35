/** Clients that write and read as real ones do, and remember every attempt and every answer. */
@NullMarked
package com.elephantasm.events.faults.load;

import org.jspecify.annotations.NullMarked;
