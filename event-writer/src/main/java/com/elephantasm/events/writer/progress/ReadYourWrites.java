package com.elephantasm.events.writer.progress;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.http.HttpSettings;
import com.elephantasm.events.http.Prefer;
import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.schema.ConsistencyToken;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Lets a request with a {@code Consistency-Token} wait until the store has applied what the token names. It stands before every
 * read, so that none can do without it, and before the changes that look an event up first.
 */
final class ReadYourWrites implements HandlerInterceptor {
  private final StoreProgress progress;
  private final Admission admission;
  private final String topic;
  private final HttpSettings settings;

  ReadYourWrites(StoreProgress progress, Admission admission, String topic, HttpSettings settings) {
    this.progress = progress;
    this.admission = admission;
    this.topic = topic;
    this.settings = settings;
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
    // A response that is written by other threads passes here again when they are done.
    if ((isRead(request) || isChangeOfEvent(request)) && request.getDispatcherType() == DispatcherType.REQUEST) {
      ConsistencyToken token = token(request);
      if (token != null) {
        Prefer prefer = Prefer.parse(Collections.list(request.getHeaders(Prefer.HEADER)));
        if (isRead(request)) {
          await(token, prefer.granted(settings));
          sayApplied(prefer, response);
        } else {
          // That it does not wait for its outcome does not say that it will not wait for its event.
          await(token, prefer.waitTime() == null ? settings.defaultWait() : prefer.granted(settings));
        }
      }
    }
    return true;
  }

  private static boolean isRead(HttpServletRequest request) {
    return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
  }

  private static boolean isChangeOfEvent(HttpServletRequest request) {
    return (request.getMethod().equals("PATCH") || request.getMethod().equals("DELETE"))
        && "/api/v1/events/{id}".equals(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
  }

  private @Nullable ConsistencyToken token(HttpServletRequest request) {
    List<String> lines = Collections.list(request.getHeaders(ConsistencyToken.HEADER));
    if (lines.isEmpty()) {
      return null;
    }
    ConsistencyToken token = lines.size() == 1 ? ConsistencyToken.decode(lines.getFirst(), topic) : null;
    if (token == null) {
      throw Problem.of(ProblemType.INVALID_TOKEN,
          "the Consistency-Token is none that a write to this log was answered with; send back one, as it came")
          .asException();
    }
    return token;
  }

  private void await(ConsistencyToken token, Duration wait) {
    switch (admission.waitingOrRefused(() -> progress.await(token, wait))) {
      case APPLIED -> {
      }
      case BEHIND -> throw Problem.of(ProblemType.STORE_BEHIND,
          "the store has not applied yet what the token stands for; nothing is lost, the log has it: send the read again")
          .withHeader(HttpHeaders.RETRY_AFTER, "1").asException();
      case UNREADABLE -> throw Problem.of(ProblemType.STORE_UNAVAILABLE,
          "the database cannot be read at the moment; nothing is lost, the log has it: send the read again")
          .withHeader(HttpHeaders.RETRY_AFTER, "5").asException();
    }
  }

  private void sayApplied(Prefer prefer, HttpServletResponse response) {
    String applied = prefer.applied(settings, false);
    if (!applied.isEmpty()) {
      response.setHeader(Prefer.APPLIED, applied);
    }
  }
}
