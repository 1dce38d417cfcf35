/** Shows operators the records that did not become a row, and does with them what the operators decide. */
@NullMarked
package com.elephantasm.events.writer.deadletter;

import org.jspecify.annotations.NullMarked;
