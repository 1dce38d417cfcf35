package com.elephantasm.events.writer.progress;

import com.elephantasm.events.http.Admission;
import com.elephantasm.events.http.HttpSettings;
import com.elephantasm.events.log.LogSettings;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ProgressSettings.class)
class ProgressConfiguration {
  /** It reads a few rows: where that takes longer, the database is in trouble, and those who wait must hear of it. */
  private static final int STATEMENT_TIMEOUT_SECONDS = 2;

  @Bean
  StoreProgress storeProgress(DataSource dataSource, LogSettings log, ProgressSettings settings) {
    JdbcTemplate jdbc = new JdbcTemplate(dataSource);
    jdbc.setQueryTimeout(STATEMENT_TIMEOUT_SECONDS);
    AppliedPositions positions = new AppliedPositions(JdbcClient.create(jdbc), log.topic());
    return new StoreProgress(log.topic(), positions::read, settings.progressInterval());
  }

  @Bean
  WebMvcConfigurer readYourWrites(StoreProgress progress, Admission admission, LogSettings log, HttpSettings settings) {
    ReadYourWrites reads = new ReadYourWrites(progress, admission, log.topic(), settings);
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(reads).addPathPatterns("/api/v1/**");
      }
    };
  }
}
