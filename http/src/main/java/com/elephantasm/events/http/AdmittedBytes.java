package com.elephantasm.events.http;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What is read of a body, for which memory is reserved as it comes. */
final class AdmittedBytes extends FilterInputStream {
  private final Admission admission;

  AdmittedBytes(InputStream body, Admission admission) {
    super(body);
    this.admission = admission;
  }

  @Override
  public int read() throws IOException {
    int read = super.read();
    admission.reserve(read < 0 ? 0 : 1);
    return read;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int read = super.read(target, offset, length);
    admission.reserve(Math.max(0, read));
    return read;
  }
}
