/** Which settings there are, and a clear end of a start with one that is unknown or impossible. */
@NullMarked
package com.elephantasm.events.settings;

import org.jspecify.annotations.NullMarked;
