package com.elephantasm.events.http;

import com.elephantasm.events.log.ChangeLog;
import java.time.Clock;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
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
@Import(ProblemAdvice.class)
public class HttpConfiguration {
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  Publication publication(ChangeLog log, HttpSettings settings) {
    return new Publication(log, settings);
  }

  @Bean
  StoredJsonModule storedJsonModule() {
    return new StoredJsonModule();
  }

  @Bean
  WebMvcConfigurer requestReading(HttpSettings settings) {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new JsonBodyReader(settings));
        resolvers.add(new PreferReader());
      }

      @Override
      public void addFormatters(FormatterRegistry registry) {
        Ids.register(registry);
      }
    };
  }
}
