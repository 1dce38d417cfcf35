package com.elephantasm.events.writer.tail;

import org.apache.coyote.http11.Http11NioProtocol;

/** HTTP/1.1 with a small buffer for each response to begin with: a connection keeps it, and a tail keeps the connection. */
public final class LeanProtocol extends Http11NioProtocol {
  private static final int RESPONSE_BUFFER = 1024;

  @Override
  public int getDesiredBufferSize() {
    return RESPONSE_BUFFER;
  }
}
