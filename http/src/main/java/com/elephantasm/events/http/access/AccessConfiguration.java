package com.elephantasm.events.http.access;

import java.util.List;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Wires access control into a service that imports this. */
@Configuration(proxyBeanMethods = false)
public class AccessConfiguration {
  @Bean
  WebMvcConfigurer callerReading() {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerReader());
      }
    };
  }
}
