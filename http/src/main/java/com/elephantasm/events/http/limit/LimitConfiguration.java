package com.elephantasm.events.http.limit;

import com.elephantasm.events.http.OperationDocumentation;
import com.elephantasm.events.http.Rejections;
import java.util.Optional;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.web.servlet.ServletContextInitializer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** Wires the limits per caller into a service that imports this and access control. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LimitSettings.class)
@Import(Rejections.class)
public class LimitConfiguration {
  /** Without an order of its own it comes after access control, which says who the caller is. */
  @Bean
  ServletContextInitializer rateLimit(LimitSettings settings, Rejections rejections) {
    Optional<RateLimit> limit = settings.limit();
    return context -> {
      if (limit.isPresent()) {
        FilterRegistrationBean<RateLimitFilter> filter = new FilterRegistrationBean<>(
            new RateLimitFilter(limit.get(), rejections));
        filter.addUrlPatterns(RateLimitFilter.LIMITED);
        filter.onStartup(context);
      }
    };
  }

  @Bean
  OperationDocumentation limitDocumentation() {
    return new LimitDocumentation();
  }
}
