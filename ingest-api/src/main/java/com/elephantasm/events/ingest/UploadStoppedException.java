package com.elephantasm.events.ingest;

import java.io.IOException;

/** No more of an upload is read, though there may be more. */
final class UploadStoppedException extends IOException {
  private static final long serialVersionUID = 1;

  UploadStoppedException(String message) {
    super(message);
  }
}
