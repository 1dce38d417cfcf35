/** The queries of a large store under load against those of a small one that is idle. */
@NullMarked
package com.elephantasm.events.benchmarks.query;

import org.jspecify.annotations.NullMarked;
