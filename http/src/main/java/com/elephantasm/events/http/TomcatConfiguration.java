package com.elephantasm.events.http;

import org.apache.catalina.Context;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What cannot be said to Tomcat by settings. */
@Configuration(proxyBeanMethods = false)
class TomcatConfiguration {
  @Bean
  WebServerFactoryCustomizer<TomcatServletWebServerFactory> tomcat() {
    return factory -> {
      factory.addContextCustomizers(TomcatConfiguration::reportProblems);
      // "100 Continue" only when the body is read: one that is refused by its headers is never sent.
      factory.addConnectorCustomizers(connector -> connector.setProperty("continueResponseTiming", "onRead"));
    };
  }

  private static void reportProblems(Context context) {
    StandardHost host = (StandardHost) context.getParent();
    host.getPipeline().addValve(new ProblemReportValve());
    host.setErrorReportValveClass(ProblemReportValve.class.getName());
  }
}
