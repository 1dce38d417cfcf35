package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.RejectionReason;

/**
 * Why a record does not become a row.
 *
 * @param waiting whether it is applied by itself when its spirit arrives
 */
record Rejection(LogEntry entry, RejectionReason reason, String detail, boolean waiting) {}
