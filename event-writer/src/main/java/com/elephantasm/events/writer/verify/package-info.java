/** Verification: what the log says, held against what a store has. */
@NullMarked
package com.elephantasm.events.writer.verify;

import org.jspecify.annotations.NullMarked;
