package com.elephantasm.events.http;

import java.util.concurrent.Callable;

/**
 * Something that the first request would otherwise wait for. Each bean of this type is run once, beside the others, before the
 * service says that it is ready; it leaves nothing in the log or the store. What fails or takes too long holds up nothing: then
 * the first request waits.
 *
 * @param name for the log
 */
public record WarmUp(String name, Callable<?> work) {}
