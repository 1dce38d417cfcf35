/** Holds what is in the log and in the store against what the clients of the load were told. */
@NullMarked
package com.elephantasm.events.faults.check;

import org.jspecify.annotations.NullMarked;
