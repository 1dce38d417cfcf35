/** The log as the services use it: changes go in, and who asked for it learns what the writer made of them. */
@NullMarked
package com.elephantasm.events.log;

import org.jspecify.annotations.NullMarked;
