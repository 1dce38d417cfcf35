package com.elephantasm.events.http;

import com.elephantasm.events.log.ChangeLog;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
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
@EnableConfigurationProperties(HttpSettings.class)
@Import({ProblemAdvice.class, ErrorEndpoint.class, ServiceEndpoint.class, TomcatConfiguration.class,
    DocumentationConfiguration.class})
public class HttpConfiguration {
  /** Where nothing was built, as when an IDE compiles, there is no version either. */
  @Bean
  ServiceVersion serviceVersion(ObjectProvider<BuildProperties> build) {
    BuildProperties properties = build.getIfAvailable();
    return new ServiceVersion(properties == null ? "unknown" : String.valueOf(properties.getVersion()));
  }

  @Bean
  Publication publication(ChangeLog log, HttpSettings settings) {
    return new Publication(log, settings);
  }

  @Bean
  RequestBodies requestBodies(HttpSettings settings) {
    return new RequestBodies(settings.bodyTimeout());
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
