package com.elephantasm.events.ingest;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Writes the answer to an upload, a line at a time. Where the client is gone, what is written is lost without a word.
 */
final class Receipts {
  private static final JsonFactory JSON = JsonFactory.builder().rootValueSeparator("")
      .disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final HttpServletResponse response;
  private @Nullable JsonGenerator begun;
  private boolean clientGone;
  private boolean unflushed;

  Receipts(HttpServletResponse response) {
    this.response = response;
  }

  private interface Writing {
    void write(JsonGenerator json) throws IOException;
  }

  static JsonGenerator generator(OutputStream target) {
    return JSON.createGenerator(ObjectWriteContext.empty(), target);
  }

  /**
   * Begins the response, which until then can be another one. To be called before the first receipt and before more is read
   * after it, as Tomcat turns a response that has not begun into an error where reading fails.
   */
  void begin() {
    attempt(_ -> response.flushBuffer());
  }

  void receipt(long line, ItemResult result) {
    unflushed = true;
    attempt(json -> {
      result.write(json, "line", line);
      json.writeRaw('\n');
    });
  }

  /**
   * The last line. The client has all of the answer then, whether or not all of its upload was read.
   *
   * @param broken why not all of the upload was taken; null where it was
   */
  void end(Tally tally, @Nullable String broken) {
    attempt(json -> {
      json.writeStartObject();
      json.writeObjectPropertyStart("summary");
      json.writeNumberProperty("lines", tally.total());
      tally.writeByStatus(json);
      json.writeBooleanProperty("complete", broken == null);
      if (broken != null) {
        json.writeStringProperty("detail", broken);
      }
      tally.writeConsistencyToken(json);
      json.writeEndObject();
      json.writeEndObject();
      json.writeRaw('\n');
      json.close();
      response.getOutputStream().close();
    });
  }

  /** Does nothing where nothing was written since: the thread that answers may be here before the other has begun. */
  void flush() {
    if (unflushed) {
      unflushed = false;
      attempt(JsonGenerator::flush);
    }
  }

  boolean isClientGone() {
    return clientGone;
  }

  private void attempt(Writing writing) {
    if (clientGone) {
      return;
    }
    try {
      writing.write(json());
    } catch (IOException | JacksonException _) {
      // Of the network: there is nothing in what is written that JSON could not hold.
      clientGone = true;
    }
  }

  private JsonGenerator json() throws IOException {
    JsonGenerator json = begun;
    if (json == null) {
      response.setStatus(HttpServletResponse.SC_OK);
      response.setContentType(EventBatchIntake.NDJSON);
      json = generator(response.getOutputStream());
      begun = json;
    }
    return json;
  }
}
