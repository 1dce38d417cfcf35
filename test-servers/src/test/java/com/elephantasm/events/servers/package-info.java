@NullMarked
package com.elephantasm.events.servers;

import org.jspecify.annotations.NullMarked;
