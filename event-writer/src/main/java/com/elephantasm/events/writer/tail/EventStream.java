package com.elephantasm.events.writer.tail;

import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.StoredJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes to one client what HTML (section 9.2) calls an event stream, and measures how long the client makes it wait. Not safe
 * for threads.
 */
final class EventStream {
  private static final JsonFactory FACTORY = new JsonFactory();
  private final OutputStream target;
  private long waitedNanos;
  private long lastWrite = System.nanoTime();

  EventStream(OutputStream target) {
    this.target = target;
  }

  private interface Write {
    void run() throws IOException;
  }

  /** An event as the lists show it, in one line: in JSON, a line break outside of strings is but white space. */
  static byte[] json(Event event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      StoredJson.write(event, json);
    }
    byte[] line = bytes.toByteArray();
    for (int i = 0; i < line.length; i++) {
      line[i] = line[i] == '\n' || line[i] == '\r' ? (byte) ' ' : line[i];
    }
    return line;
  }

  /** An id without data moves the place from which a client goes on, so that one that is cut before its first event has it. */
  void begin(TailCursor cursor, Duration retry) throws IOException {
    write("retry: %d\nid: %s\n\n".formatted(retry.toMillis(), cursor.encoded()));
    flush();
  }

  void event(TailCursor cursor, byte[] json) throws IOException {
    timed(() -> {
      target.write(utf8("id: " + cursor.encoded() + "\ndata: "));
      target.write(json);
      target.write(utf8("\n\n"));
    });
  }

  void heartbeat(TailCursor cursor) throws IOException {
    write(":\nid: %s\n\n".formatted(cursor.encoded()));
    flush();
  }

  /** The last thing of a stream that the service ends; a client that goes on from the cursor misses nothing. */
  void dropped(TailCursor cursor, String detail) throws IOException {
    ProblemType type = ProblemType.OVERLOADED;
    write("event: dropped\nid: %s\ndata: {\"type\":\"%s\",\"title\":\"Dropped\",\"detail\":\"%s\"}\n\n"
        .formatted(cursor.encoded(), type.uri(), detail));
    flush();
  }

  void flush() throws IOException {
    timed(target::flush);
  }

  /** For how long the client has kept the stream waiting since the last {@link #resetWaited}. */
  Duration waited() {
    return Duration.ofNanos(waitedNanos);
  }

  void resetWaited() {
    waitedNanos = 0;
  }

  /** Since something was written. */
  Duration idle() {
    return Duration.ofNanos(System.nanoTime() - lastWrite);
  }

  private void write(String text) throws IOException {
    timed(() -> target.write(utf8(text)));
  }

  private void timed(Write write) throws IOException {
    long start = System.nanoTime();
    try {
      write.run();
    } finally {
      lastWrite = System.nanoTime();
      waitedNanos += lastWrite - start;
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
