package com.elephantasm.events.writer.tail;

import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/**
 * Makes connections small: a tail keeps one for hours, to send a few bytes a minute. As Tomcat has them out of the box, its
 * buffers take three quarters of what a tail costs, and a thousand tails are above 100 MB.
 */
@Configuration(proxyBeanMethods = false)
class LeanConnections {
  /** A connection has two of that, the second one behind the room for headers. */
  private static final String READ_BUFFER = "1024";
  private static final String WRITE_BUFFER = "1024";
  /** Tomcat's own: a response up to that has its length in its header. */
  private static final int RESPONSE_BUFFER = 8192;

  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> leanTomcat() {
    return factory -> {
      factory.setProtocol(LeanProtocol.class.getName());
      factory.addConnectorCustomizers(connector -> {
        connector.setProperty("socket.appReadBufSize", READ_BUFFER);
        connector.setProperty("socket.appWriteBufSize", WRITE_BUFFER);
      });
    };
  }

  /** Whatever is no tail gets the buffer that it is used to, and its connection keeps it. */
  @Bean
  FilterRegistrationBean<Filter> usualResponseBuffer() {
    FilterRegistrationBean<Filter> filter = new FilterRegistrationBean<>((request, response, chain) -> {
      if (!(request instanceof HttpServletRequest http && http.getRequestURI().equals(TailController.PATH))) {
        response.setBufferSize(RESPONSE_BUFFER);
      }
      chain.doFilter(request, response);
    });
    filter.setOrder(Ordered.HIGHEST_PRECEDENCE);
    filter.setAsyncSupported(true);
    return filter;
  }
}
