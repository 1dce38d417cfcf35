/**
 * The contract of the pipeline: what a spirit, an event and a change are, how each looks as JSON and on the topic, which
 * values are valid, and which id an event has for ever.
 */
@NullMarked
package com.elephantasm.events.schema;

import org.jspecify.annotations.NullMarked;
