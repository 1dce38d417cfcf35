package com.elephantasm.events.writer.command;

import com.elephantasm.events.log.LogSettings;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.web.bind.annotation.RestController;

/** The parts of the event-writer that a command needs, configured as the service is: the same files, variables and arguments. */
final class Contexts {
  private static final String WRITER = "com.elephantasm.events.writer.";

  private Contexts() {}

  /** No web server, no live consumers, no producer. Not annotated as configuration: the service scans these packages. */
  @EnableAutoConfiguration
  @EnableConfigurationProperties(LogSettings.class)
  @ComponentScan(basePackages = {WRITER + "store", WRITER + "replay", WRITER + "verify",
      WRITER
          + "rebuild"}, excludeFilters = @ComponentScan.Filter(type = FilterType.ANNOTATION, classes = RestController.class))
  static class OfReplays {
    @Bean
    Clock systemClock() {
      return Clock.systemUTC();
    }
  }

  @ImportAutoConfiguration({SslAutoConfiguration.class, KafkaAutoConfiguration.class})
  @EnableConfigurationProperties(LogSettings.class)
  static class OfKafka {}

  static ConfigurableApplicationContext ofReplays(List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    // Only the one that was asked for.
    all.add("--elephantasm.replay.runs=false");
    return start(OfReplays.class, all);
  }

  static ConfigurableApplicationContext ofKafka(List<String> arguments) {
    return start(OfKafka.class, arguments);
  }

  private static ConfigurableApplicationContext start(Class<?> parts, List<String> arguments) {
    try {
      return new SpringApplicationBuilder(parts).web(WebApplicationType.NONE).bannerMode(Banner.Mode.OFF)
          .logStartupInfo(false).registerShutdownHook(false)
          .properties("spring.config.name=http,event-writer,application", "logging.level.root=warn",
              // That a server is away is told in one sentence.
              "logging.level.org.apache.kafka.clients=error", "logging.level.com.zaxxer.hikari=error",
              "logging.level.org.springframework.context=error",
              // The groups name what only the service has.
              "management.endpoint.health.validate-group-membership=false",
              "logging.level.org.springframework.boot.diagnostics=off",
              "logging.level.org.springframework.boot.SpringApplication=off",
              "logging.level.com.elephantasm=warn", "logging.level.com.elephantasm.events.settings=off")
          .run(arguments.toArray(String[]::new));
    } catch (RuntimeException e) {
      throw Failures.asCommandFailure(e);
    }
  }
}
