/** What is done for each event, measured function by function with JMH. */
@NullMarked
package com.elephantasm.events.benchmarks.functions;

import org.jspecify.annotations.NullMarked;
