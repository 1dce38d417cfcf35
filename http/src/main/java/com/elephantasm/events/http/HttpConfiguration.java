package com.elephantasm.events.http;

import com.elephantasm.events.log.ChangeLog;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Wires what HTTP services share into one that imports this. The service also names {@code http} first in
 * {@code spring.config.name}, for the settings that this rests on.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AdmissionSettings.class, DrainSettings.class, HttpSettings.class})
@Import({Rejections.class, ProblemAdvice.class, ErrorEndpoint.class, ServiceEndpoint.class, TomcatConfiguration.class,
    DocumentationConfiguration.class, TracingConfiguration.class})
public class HttpConfiguration {
  private static final int BEFORE_SECURITY = -1000;
  private static final int BEFORE_ADMISSION = BEFORE_SECURITY - 1;

  /** Where nothing was built, as when an IDE compiles, there is no version either. */
  @Bean
  ServiceVersion serviceVersion(ObjectProvider<BuildProperties> build) {
    BuildProperties properties = build.getIfAvailable();
    return new ServiceVersion(properties == null ? "unknown" : String.valueOf(properties.getVersion()));
  }

  @Bean
  Admission admission(AdmissionSettings settings) {
    return new Admission(settings);
  }

  @Bean
  WarmUps warmUps(List<WarmUp> all) {
    return new WarmUps(all);
  }

  @Bean
  OwnRequests ownRequests(ApplicationContext context) {
    return new OwnRequests(context);
  }

  @Bean
  WarmUp logWarmUp(ChangeLog log) {
    return new WarmUp("log", () -> {
      log.warmUp();
      return true;
    });
  }

  @Bean
  Drain drain(ApplicationContext context, DrainSettings settings) {
    return new Drain(context, settings.drainTime());
  }

  /** What is refused is also to be sent elsewhere. */
  @Bean
  FilterRegistrationBean<Drain> drainFilter(Drain drain) {
    FilterRegistrationBean<Drain> registration = new FilterRegistrationBean<>(drain);
    registration.addUrlPatterns("/api/v1/*");
    registration.setOrder(BEFORE_ADMISSION);
    return registration;
  }

  /** Before the filters that ask who calls: what is refused should cost nothing. */
  @Bean
  FilterRegistrationBean<AdmissionFilter> admissionFilter(Admission admission, Rejections rejections) {
    FilterRegistrationBean<AdmissionFilter> registration = new FilterRegistrationBean<>(
        new AdmissionFilter(admission, rejections));
    registration.addUrlPatterns("/api/v1/*");
    registration.setOrder(BEFORE_SECURITY);
    return registration;
  }

  @Bean
  Publication publication(ChangeLog log, Admission admission, HttpSettings settings) {
    return new Publication(log, admission, settings);
  }

  @Bean
  RequestBodies requestBodies(Admission admission, HttpSettings settings) {
    return new RequestBodies(admission, settings.bodyTimeout());
  }

  @Bean
  StoredJsonModule storedJsonModule() {
    return new StoredJsonModule();
  }

  @Bean
  WebMvcConfigurer requestReading(HttpSettings settings, RequestBodies bodies) {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new JsonBodyReader(bodies, settings.maxBodySize()));
        resolvers.add(new PreferReader());
      }

      @Override
      public void addFormatters(FormatterRegistry registry) {
        Ids.register(registry);
      }
    };
  }
}
