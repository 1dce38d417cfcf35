/** What each service needs to run: memory, and time to start. */
@NullMarked
package com.elephantasm.events.benchmarks.service;

import org.jspecify.annotations.NullMarked;
