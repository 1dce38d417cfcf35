package com.elephantasm.events.writer.rebuild;

import java.time.Instant;

/**
 * How the new store took the place of the live one.
 *
 * @param previousSchema where the tables are that were live before
 * @param writersHeldMillis for how long nobody could write: at most, as seen by a writer that came first
 * @param readersHeldMillis for how long reads that began then had to wait
 */
record SwitchTimes(Instant at, String previousSchema, long writersHeldMillis, long readersHeldMillis) {}
