/** Two sides that run in turn, and what came of it as figures, a ratio and a JSON file. */
@NullMarked
package com.elephantasm.events.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
