package com.elephantasm.events.standalone;

import com.elephantasm.events.embedded.EmbeddedKafka;
import com.elephantasm.events.embedded.EmbeddedPostgres;
import com.elephantasm.events.ingest.IngestApplication;
import com.elephantasm.events.writer.WriterApplication;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;

/** Both services as one Spring application, connected to the servers of this process. */
final class Services {
  private Services() {}

  /**
   * Starts while the servers still do, and waits for each where it is needed first.
   *
   * @param brokenOff once this is true, the start ends as soon as it can, with {@link ServicesFailedException}
   * @throws ServicesFailedException if they cannot start; why is in the log, unless a server failed or the start was broken off
   */
  static ConfigurableApplicationContext start(int port, CompletableFuture<EmbeddedKafka> kafka,
      CompletableFuture<EmbeddedPostgres> postgres, List<String> arguments, BooleanSupplier brokenOff) {
    try {
      return new SpringApplicationBuilder(IngestApplication.class, WriterApplication.class)
          .properties("spring.config.name=http,ingest-api,event-writer,standalone,application",
              "standalone.port=" + port)
          .initializers(context -> {
            context.getBeanFactory().registerSingleton("embeddedKafka", new KafkaConnection(kafka));
            context.getBeanFactory().registerSingleton("embeddedPostgres", new PostgresConnection(postgres));
            context.getBeanFactory().addBeanPostProcessor(new BreakOff(brokenOff));
          })
          .bannerMode(Banner.Mode.OFF)
          .logStartupInfo(false)
          // Its hook would run beside ours, and the servers would go while the services still need them.
          .registerShutdownHook(false)
          .run(arguments.toArray(String[]::new));
    } catch (RuntimeException e) {
      throw new ServicesFailedException(e);
    }
  }

  private record BreakOff(BooleanSupplier wanted) implements BeanPostProcessor {
    @Override
    public Object postProcessBeforeInitialization(Object bean, String beanName) {
      if (wanted.getAsBoolean()) {
        throw new StartBrokenOffException();
      }
      return bean;
    }
  }

  private record KafkaConnection(CompletableFuture<EmbeddedKafka> kafka) implements KafkaConnectionDetails {
    @Override
    public List<String> getBootstrapServers() {
      return List.of(kafka.join().bootstrapServers());
    }
  }

  private record PostgresConnection(CompletableFuture<EmbeddedPostgres> postgres) implements JdbcConnectionDetails {
    @Override
    public String getJdbcUrl() {
      return postgres.join().jdbcUrl();
    }

    @Override
    public String getUsername() {
      return postgres.join().username();
    }

    @Override
    public String getPassword() {
      return postgres.join().password();
    }
  }
}
