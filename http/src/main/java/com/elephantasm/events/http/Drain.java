package com.elephantasm.events.http;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.http.HttpHeaders;

/**
 * The first thing of a stop: the readiness is down, and for a moment requests are served as ever, except that each answer closes
 * its connection. So whoever balances the load finds out, and clients come to the end of their connections in an orderly way
 * instead of finding them reset. It is over once no request has come for {@link #QUIET}, at once where there was none, and at
 * the latest after {@link DrainSettings#drainTime()}.
 */
final class Drain implements Filter, ApplicationListener<ContextClosedEvent> {
  private static final Duration QUIET = Duration.ofMillis(250);
  private static final Duration STEP = Duration.ofMillis(25);
  private static final String CLOSE = "close";

  private final ApplicationContext context;
  private final Duration longest;
  private volatile long lastRequest = System.nanoTime() - QUIET.toNanos();
  private volatile boolean draining;

  Drain(ApplicationContext context, Duration longest) {
    this.context = context;
    this.longest = longest;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    lastRequest = System.nanoTime();
    HttpServletResponse closing = new ClosingResponse((HttpServletResponse) response);
    chain.doFilter(request, closing);
    // Where nothing was written.
    closeConnection(closing);
  }

  private void closeConnection(ServletResponse response) {
    if (draining && !response.isCommitted()) {
      ((HttpServletResponse) response).setHeader(HttpHeaders.CONNECTION, CLOSE);
    }
  }

  /** At the last moment before the response begins: a request may have waited for long, and the stop have begun meanwhile. */
  private final class ClosingResponse extends HttpServletResponseWrapper {
    private ClosingResponse(HttpServletResponse response) {
      super(response);
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
      closeConnection(getResponse());
      return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
      closeConnection(getResponse());
      return super.getWriter();
    }

    @Override
    public void flushBuffer() throws IOException {
      closeConnection(getResponse());
      super.flushBuffer();
    }
  }

  /** Nothing of the service has been stopped by then. */
  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    if (event.getApplicationContext() != context) {
      return;
    }
    draining = true;
    long begin = System.nanoTime();
    try {
      for (long now = begin; now - begin < longest.toNanos()
          && now - lastRequest < QUIET.toNanos(); now = System.nanoTime()) {
        Thread.sleep(STEP);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
