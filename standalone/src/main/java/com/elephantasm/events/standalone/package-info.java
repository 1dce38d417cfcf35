/** Both services and the embedded servers as one application on one port. */
@NullMarked
package com.elephantasm.events.standalone;

import org.jspecify.annotations.NullMarked;
