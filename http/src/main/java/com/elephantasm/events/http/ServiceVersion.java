package com.elephantasm.events.http;

/** The version that was built, which the root and the documentation show. */
record ServiceVersion(String value) {}
