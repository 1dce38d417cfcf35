package com.elephantasm.events.writer.progress;

import com.elephantasm.events.schema.ConsistencyToken;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The positions of a token that are not known to be applied. Each is passed once, however often it is asked. */
final class AwaitedPositions {
  private final Iterator<Map.Entry<Integer, Long>> rest;
  private Map.@Nullable Entry<Integer, Long> first;

  AwaitedPositions(ConsistencyToken token) {
    rest = token.offsets().entrySet().iterator();
    first = rest.next();
  }

  boolean areIn(KnownPositions known) {
    while (first != null && known.contain(first.getKey(), first.getValue())) {
      first = rest.hasNext() ? rest.next() : null;
    }
    return first == null;
  }
}
