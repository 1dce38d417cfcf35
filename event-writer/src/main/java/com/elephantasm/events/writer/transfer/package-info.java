/** Records of the log into a file, and out of it again. */
@NullMarked
package com.elephantasm.events.writer.transfer;

import org.jspecify.annotations.NullMarked;
