package com.elephantasm.events.writer.consume;

import java.time.Instant;

/**
 * A partition that has records which nobody applies, though he could.
 *
 * @param position everything before it is applied
 * @param end of the log
 * @param since when there were records and no progress, both servers working
 */
record Stall(int partition, long position, long end, Instant since) {}
