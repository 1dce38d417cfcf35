package com.elephantasm.events.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Reads a body into memory, at most up to the cap. */
final class JsonBodyReader implements HandlerMethodArgumentResolver {
  private final int maxSize;

  JsonBodyReader(HttpSettings settings) {
    maxSize = Math.toIntExact(settings.maxBodySize().toBytes());
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType() == JsonBody.class;
  }

  @Override
  public JsonBody resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
      NativeWebRequest request, @Nullable WebDataBinderFactory binders) {
    HttpServletRequest servletRequest = (HttpServletRequest) request.getNativeRequest();
    ContentType type = parameter.getParameterAnnotation(ContentType.class);
    checkType(servletRequest.getContentType(), type == null ? MediaType.APPLICATION_JSON_VALUE : type.value());
    checkCoding(servletRequest.getHeader(HttpHeaders.CONTENT_ENCODING));
    byte[] bytes = read(servletRequest);
    if (bytes.length == 0) {
      throw JsonBody.malformed("the body is empty, expected a JSON object (line 1, column 1)");
    }
    return new JsonBody(bytes);
  }

  /** RFC 8259 defines no charset parameter, and RFC 9110 lets us refuse: only one that changes nothing is let through. */
  private static void checkType(@Nullable String contentType, String wanted) {
    if (contentType == null) {
      throw unsupported("the request has no Content-Type", wanted);
    }
    // What nearly every request says needs no parsing.
    if (contentType.equals(wanted)) {
      return;
    }
    try {
      MediaType type = MediaType.parseMediaType(contentType);
      Charset charset = type.getCharset();
      if (!type.equalsTypeAndSubtype(MediaType.parseMediaType(wanted))) {
        throw unsupported("the Content-Type is %s/%s".formatted(type.getType(), type.getSubtype()), wanted);
      }
      if (charset != null && !charset.equals(StandardCharsets.UTF_8)) {
        throw unsupported("the charset of the Content-Type is %s".formatted(charset), wanted);
      }
    } catch (IllegalArgumentException _) {
      throw unsupported("the Content-Type is not one that we can read", wanted);
    }
  }

  private static void checkCoding(@Nullable String coding) {
    if (coding != null && !coding.toLowerCase(Locale.ROOT).equals("identity")) {
      throw Problem
          .of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "the Content-Encoding is not supported; send the body as it is")
          .withHeader(HttpHeaders.ACCEPT_ENCODING, "identity").asException();
    }
  }

  private static ProblemException unsupported(String found, String wanted) {
    return Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "%s; send %s, in UTF-8".formatted(found, wanted))
        .withHeader(HttpHeaders.ACCEPT, wanted).asException();
  }

  private byte[] read(HttpServletRequest request) {
    long announced = request.getContentLengthLong();
    if (announced > maxSize) {
      throw tooLarge();
    }
    try {
      byte[] bytes = request.getInputStream().readNBytes(announced < 0 ? maxSize + 1 : (int) announced);
      if (bytes.length > maxSize) {
        throw tooLarge();
      }
      return bytes;
    } catch (SocketTimeoutException _) {
      throw Problem.of(ProblemType.REQUEST_TIMEOUT, "the body did not arrive in time")
          .withHeader(HttpHeaders.CONNECTION, "close").asException();
    } catch (IOException _) {
      throw Problem.of(ProblemType.BAD_REQUEST, "the body ended too early or its chunks are malformed").asException();
    }
  }

  private ProblemException tooLarge() {
    return Problem.of(ProblemType.TOO_LARGE, "the body is larger than the %d bytes that are read".formatted(maxSize))
        .asException();
  }
}
