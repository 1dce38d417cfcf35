/** The only writes to PostgreSQL: a batch of the log in one transaction, with the same result however often it comes. */
@NullMarked
package com.elephantasm.events.writer.store;

import org.jspecify.annotations.NullMarked;
