/** What puts load on a service over HTTP, and says how it fared. */
@NullMarked
package com.elephantasm.events.benchmarks.client;

import org.jspecify.annotations.NullMarked;
