/** Every server and service of the pipeline as a process of its own, and the connections between them. */
@NullMarked
package com.elephantasm.events.faults.cluster;

import org.jspecify.annotations.NullMarked;
