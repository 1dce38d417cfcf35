package com.elephantasm.events.writer.replay;

/** How many batches one replay has at work at once. */
public record ReplayThreads(int number) {}
