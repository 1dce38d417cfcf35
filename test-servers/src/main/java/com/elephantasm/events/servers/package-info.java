/** The servers that tests run on. */
@NullMarked
package com.elephantasm.events.servers;

import org.jspecify.annotations.NullMarked;
