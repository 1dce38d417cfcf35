/** Makes the store anew from the log, beside the live one, and puts it in its place. */
@NullMarked
package com.elephantasm.events.writer.rebuild;

import org.jspecify.annotations.NullMarked;
