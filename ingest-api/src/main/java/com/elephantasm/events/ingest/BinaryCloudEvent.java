package com.elephantasm.events.ingest;

import static java.util.Objects.requireNonNull;

import com.elephantasm.events.http.InvalidInput;
import com.elephantasm.events.http.JsonBody;
import com.elephantasm.events.schema.CloudEvent;
import com.elephantasm.events.schema.CloudEventContext;
import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.Violation;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A new event as a CloudEvent in the binary mode of its HTTP protocol binding 1.0.2: each attribute is a header, and the body
 * is the data.
 */
final class BinaryCloudEvent {
  private static final String PREFIX = "ce-";

  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final List<InvalidInput> errors = new ArrayList<>();

  private BinaryCloudEvent() {}

  /**
   * Whether the sender means one: the binding (section 3) only says that a request with all required attributes likely is.
   * Here one of them is enough, since to ignore the {@code ce-id} of a sender who has forgotten another would make every
   * retry a new event without a word. Other {@code ce-} headers alone mean nothing.
   */
  static boolean isIn(HttpServletRequest request) {
    return Stream.of("ce-specversion", "ce-type", "ce-source", "ce-id")
        .anyMatch(name -> request.getHeader(name) != null);
  }

  /** @throws com.elephantasm.events.http.ProblemException 422 that says all that is wrong with headers and body; 400 where the body is not JSON */
  static CloudEvent<NewEvent> read(HttpServletRequest request, JsonBody body) {
    BinaryCloudEvent headers = new BinaryCloudEvent();
    Collections.list(request.getHeaderNames()).stream().map(name -> name.toLowerCase(Locale.ROOT))
        .filter(name -> name.startsWith(PREFIX)).forEach(name -> headers.add(name, request.getHeaders(name)));
    CloudEventContext context = headers.context();
    NewEvent event = body.read(NewEvent::fromJson, headers.errors);
    return new CloudEvent<>(requireNonNull(context), event);
  }

  private void add(String header, Enumeration<String> lines) {
    String name = header.substring(PREFIX.length());
    String value = AttributeHeader.decode(lines.nextElement());
    if (lines.hasMoreElements()) {
      errors.add(InvalidInput.header(header, "must come once"));
    } else if (name.equals("datacontenttype")) {
      errors.add(InvalidInput.header(header, "must not be there: the Content-Type says it"));
    } else if (value == null) {
      errors.add(InvalidInput.header(header,
          "must be UTF-8 with percent-encoding (%20 for a space), or such a text in double quotes"));
    } else {
      attributes.put(name, value);
    }
  }

  /** Null only where there are errors. */
  private @Nullable CloudEventContext context() {
    return switch (CloudEventContext.ofNewEvent(attributes)) {
      case Decoded.Valid<CloudEventContext>(CloudEventContext context) -> context;
      case Decoded.Invalid<CloudEventContext>(List<Violation> violations) -> {
        violations.forEach(this::add);
        yield null;
      }
      case Decoded.Malformed<CloudEventContext>(String detail) -> throw new IllegalStateException(detail);
    };
  }

  /** A header that cannot be decoded is not missing. */
  private void add(Violation violation) {
    InvalidInput error = InvalidInput.header(PREFIX + violation.pointer().substring(1), violation.message());
    if (errors.stream().noneMatch(known -> known.pointer().equals(error.pointer()))) {
      errors.add(error);
    }
  }
}
