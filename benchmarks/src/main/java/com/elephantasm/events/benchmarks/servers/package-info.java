/** The servers and services, each a process of its own, and the databases of a run. */
@NullMarked
package com.elephantasm.events.benchmarks.servers;

import org.jspecify.annotations.NullMarked;
