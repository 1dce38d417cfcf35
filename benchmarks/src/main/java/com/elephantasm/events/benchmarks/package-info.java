/** The claims that are measured, one scenario each, and the command that runs them. */
@NullMarked
package com.elephantasm.events.benchmarks;

import org.jspecify.annotations.NullMarked;
