package com.elephantasm.events.http;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Where the container sends errors that no controller's advice saw, such as those of filters. */
@RestController
final class ErrorEndpoint implements ErrorController {
  private final Rejections rejections;

  ErrorEndpoint(Rejections rejections) {
    this.rejections = rejections;
  }

  @RequestMapping("${spring.web.error.path:/error}")
  ResponseEntity<Object> error(HttpServletRequest request) {
    // Absent where a client asks for this path itself.
    Problem problem = Problem
        .ofStatus(request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer status
            ? status
            : HttpServletResponse.SC_NOT_FOUND);
    rejections.ofRequest(problem);
    return problem.response();
  }
}
