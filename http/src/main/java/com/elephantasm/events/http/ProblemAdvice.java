package com.elephantasm.events.http;

import com.elephantasm.events.log.ChangeTooLargeException;
import com.elephantasm.events.log.LogOverloadedException;
import com.elephantasm.events.log.LogUnavailableException;
import org.apache.catalina.connector.ClientAbortException;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.TypeMismatchException;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.MissingServletRequestParameterException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.WebRequest;
import org.springframework.web.method.annotation.MethodArgumentTypeMismatchException;
import org.springframework.web.servlet.mvc.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.servlet.resource.NoResourceFoundException;

/** Turns whatever a controller, or Spring on the way to it, throws into a problem. */
@RestControllerAdvice
final class ProblemAdvice extends ResponseEntityExceptionHandler {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);

  private final Rejections rejections;

  ProblemAdvice(Rejections rejections) {
    this.rejections = rejections;
  }

  private ResponseEntity<Object> answer(Problem problem) {
    rejections.ofRequest(problem);
    return problem.response();
  }

  @ExceptionHandler
  ResponseEntity<Object> problem(ProblemException e) {
    return answer(e.problem());
  }

  /** An outage would fill the logs with one line for each request, and Kafka's client tells of it anyway. */
  @ExceptionHandler
  ResponseEntity<Object> logUnavailable(LogUnavailableException e) {
    LOG.debug("Answered with 503", e);
    return answer(Problem.logUnavailable());
  }

  @ExceptionHandler
  ResponseEntity<Object> overloaded(LogOverloadedException e) {
    LOG.debug("Answered with 503", e);
    return answer(Problem.of(ProblemType.OVERLOADED, "the service has as much to do as it can carry; send it again")
        .withHeader(HttpHeaders.RETRY_AFTER, "1"));
  }

  @ExceptionHandler
  ResponseEntity<Object> changeTooLarge(ChangeTooLargeException e) {
    return answer(Problem.of(ProblemType.TOO_LARGE, String.valueOf(e.getMessage())));
  }

  /** Tomcat's, from whatever asks for a parameter first: a percent sign without two digits, or bytes that are not UTF-8. */
  @ExceptionHandler
  ResponseEntity<Object> unreadableParameters(InvalidParameterException e) {
    return answer(
        Problem.ofStatus(e.getErrorCode(), "the query cannot be read; it is names and values, percent-encoded UTF-8"));
  }

  @ExceptionHandler
  @Nullable
  ResponseEntity<Object> unexpected(Exception e) {
    if (isOfClientLeaving(e)) {
      LOG.debug("The client left before it had its answer", e);
      return null;
    }
    LOG.error("Answered with 500", e);
    return answer(Problem.of(ProblemType.INTERNAL, "the service failed on this request; its log says why"));
  }

  @Override
  protected @Nullable ResponseEntity<Object> handleTypeMismatch(TypeMismatchException e, HttpHeaders headers,
      HttpStatusCode status, WebRequest request) {
    if (e instanceof MethodArgumentTypeMismatchException argument) {
      String message = message(argument);
      boolean inPath = argument.getParameter().hasParameterAnnotation(PathVariable.class);
      return answer(Problem.invalid(inPath
          ? InvalidInput.path(argument.getName(), message)
          : InvalidInput.query(argument.getName(), message)));
    }
    return super.handleTypeMismatch(e, headers, status, request);
  }

  /** Our own converters say what they want; Spring's say which class of Java's they failed to make. */
  private static String message(MethodArgumentTypeMismatchException e) {
    return e.getMostSpecificCause() instanceof InvalidTextException invalid
        ? String.valueOf(invalid.getMessage())
        : "cannot be read";
  }

  @Override
  protected ResponseEntity<Object> handleMissingServletRequestParameter(MissingServletRequestParameterException e,
      HttpHeaders headers, HttpStatusCode status, WebRequest request) {
    return answer(Problem.invalid(InvalidInput.query(e.getParameterName(), "is required")));
  }

  @Override
  protected ResponseEntity<Object> handleExceptionInternal(Exception e, @Nullable Object body, HttpHeaders headers,
      HttpStatusCode status, WebRequest request) {
    if (status.is5xxServerError()) {
      LOG.error("Answered with {}", status.value(), e);
    }
    String detail = detail(e);
    Problem problem = detail == null ? Problem.ofStatus(status.value()) : Problem.ofStatus(status.value(), detail);
    for (String name : headers.headerNames()) {
      problem = problem.withHeader(name, String.join(", ", headers.getOrEmpty(name)));
    }
    return answer(problem);
  }

  private static @Nullable String detail(Exception e) {
    return switch (e) {
      case NoResourceFoundException missing -> "there is nothing at /" + missing.getResourcePath();
      case ErrorResponse spring -> spring.getBody().getDetail();
      default -> null;
    };
  }

  private static boolean isOfClientLeaving(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ClientAbortException) {
        return true;
      }
    }
    return false;
  }
}
