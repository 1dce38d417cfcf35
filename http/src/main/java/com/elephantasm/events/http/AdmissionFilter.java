package com.elephantasm.events.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Lets requests of the API in, or refuses them before anything else is done for them. */
final class AdmissionFilter implements Filter {
  private final Admission admission;
  private final Rejections rejections;

  AdmissionFilter(Admission admission, Rejections rejections) {
    this.admission = admission;
    this.rejections = rejections;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Admission.Visit entered;
    try {
      entered = admission.enter();
    } catch (ProblemException e) {
      rejections.ofRequest(e.problem());
      e.problem().write((HttpServletResponse) response);
      return;
    }
    try (Admission.Visit visit = entered) {
      visit.scope().<@Nullable Void, Exception>call(() -> {
        chain.doFilter(request, response);
        return null;
      });
    } catch (IOException | ServletException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a filter throws nothing else", e);
    }
  }
}
