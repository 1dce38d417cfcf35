/** The events that every scenario uses, the same for the same seed. */
@NullMarked
package com.elephantasm.events.benchmarks.load;

import org.jspecify.annotations.NullMarked;
