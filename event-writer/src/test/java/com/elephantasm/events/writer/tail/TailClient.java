package com.elephantasm.events.writer.tail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a tail as HTML (section 9.2.6) says that an event stream is interpreted, but does not come back by itself. */
final class TailClient implements AutoCloseable {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");

  /** @param type {@code message} where the stream names none */
  record Message(String type, String data, String lastEventId) {
    String content() {
      Matcher matcher = CONTENT.matcher(data);
      return matcher.find() ? matcher.group(1) : data;
    }
  }

  private final InputStream body;
  private final HttpResponse<InputStream> response;
  private final Thread reader;
  private final List<Message> messages = new CopyOnWriteArrayList<>();
  private final List<String> ids = new CopyOnWriteArrayList<>();
  private volatile boolean ended;
  private String data = "";
  private String type = "";
  private String id;

  TailClient(URI uri, @Nullable String lastEventId) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "text/event-stream");
    if (lastEventId != null) {
      request.header("Last-Event-ID", lastEventId);
    }
    id = lastEventId == null ? "" : lastEventId;
    try {
      response = HTTP.send(request.build(), BodyHandlers.ofInputStream());
      body = response.body();
      if (response.statusCode() != 200) {
        throw new IllegalStateException(response.statusCode() + " " + new String(body.readAllBytes(),
            StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    reader = Thread.ofVirtual().start(this::read);
  }

  private void read() {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        interpret(line);
      }
      ended = true;
    } catch (IOException _) {
      // Cut.
    }
  }

  private void interpret(String line) {
    if (line.isEmpty()) {
      ids.add(id);
      if (!data.isEmpty()) {
        messages.add(new Message(type.isEmpty() ? "message" : type, data, id));
      }
      data = "";
      type = "";
      return;
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String value = colon < 0 ? "" : line.substring(colon + 1).replaceFirst("^ ", "");
    switch (field) {
      case "data" -> data = data.isEmpty() ? value : data + "\n" + value;
      case "event" -> type = value;
      case "id" -> id = value;
      default -> {
      }
    }
  }

  HttpResponse<?> response() {
    return response;
  }

  List<Message> messages() {
    return messages;
  }

  List<String> contents() {
    return messages.stream().map(Message::content).toList();
  }

  /** How often the place from which it would go on was told. */
  int places() {
    return ids.size();
  }

  /** From where it would go on. */
  String lastEventId() {
    return ids.getLast();
  }

  /** From where it would have gone on before the first event. */
  String firstPlace() {
    return ids.getFirst();
  }

  /** Whether the server has ended the stream in good order. */
  boolean hasEnded() {
    return ended;
  }

  /** Cuts the connection; what has not been read by then is lost. */
  @Override
  public void close() {
    try {
      body.close();
      reader.join();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
