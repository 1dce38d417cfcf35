package com.elephantasm.events.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.util.unit.DataSize;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Gives controllers a body of JSON, or an {@link Optional} of one where the request need not have any. */
final class JsonBodyReader implements HandlerMethodArgumentResolver {
  private static final List<MediaType> JSON = List.of(MediaType.APPLICATION_JSON);

  private final RequestBodies bodies;
  private final DataSize maxSize;

  JsonBodyReader(RequestBodies bodies, DataSize maxSize) {
    this.bodies = bodies;
    this.maxSize = maxSize;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.nestedIfOptional().getNestedParameterType() == JsonBody.class;
  }

  @Override
  public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
      NativeWebRequest request, @Nullable WebDataBinderFactory binders) {
    HttpServletRequest servletRequest = (HttpServletRequest) request.getNativeRequest();
    if (!parameter.isOptional()) {
      return read(servletRequest, parameter);
    }
    return hasBody(servletRequest) ? Optional.of(read(servletRequest, parameter)) : Optional.empty();
  }

  /** RFC 9112, section 6. */
  private static boolean hasBody(HttpServletRequest request) {
    return request.getContentLengthLong() > 0 || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
  }

  private JsonBody read(HttpServletRequest servletRequest, MethodParameter parameter) {
    ContentType type = parameter.getParameterAnnotation(ContentType.class);
    bodies.requireType(servletRequest, type == null ? JSON : List.of(MediaType.parseMediaType(type.value())));
    byte[] bytes = bodies.read(servletRequest, maxSize);
    if (bytes.length == 0) {
      throw JsonBody.malformed("the body is empty, expected a JSON object (line 1, column 1)");
    }
    return new JsonBody(bytes);
  }
}
