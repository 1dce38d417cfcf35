/** Runs the whole pipeline as separate processes, puts load and faults on it, and checks every promise against what happened. */
@NullMarked
package com.elephantasm.events.faults;

import org.jspecify.annotations.NullMarked;
