/** How many requests a caller may send. */
@NullMarked
package com.elephantasm.events.http.limit;

import org.jspecify.annotations.NullMarked;
