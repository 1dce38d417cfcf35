/** What the HTTP services share: how bodies are read, errors answered, changes published and the API documented. */
@NullMarked
package com.elephantasm.events.http;

import org.jspecify.annotations.NullMarked;
