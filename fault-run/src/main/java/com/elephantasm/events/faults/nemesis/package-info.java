/** What goes wrong, when, and for how long: drawn from a seed, so that it can go wrong in the same way again. */
@NullMarked
package com.elephantasm.events.faults.nemesis;

import org.jspecify.annotations.NullMarked;
