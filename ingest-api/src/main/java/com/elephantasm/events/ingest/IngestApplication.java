package com.elephantasm.events.ingest;

import com.elephantasm.events.http.HttpConfiguration;
import com.elephantasm.events.http.ServiceProcess;
import com.elephantasm.events.http.access.AccessConfiguration;
import com.elephantasm.events.http.limit.LimitConfiguration;
import com.elephantasm.events.log.ChangeLogConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** The service that takes changes over HTTP and publishes them to the log. It keeps nothing: run as many as there is need for. */
@SpringBootApplication(proxyBeanMethods = false)
@Import({AccessConfiguration.class, ChangeLogConfiguration.class, HttpConfiguration.class, LimitConfiguration.class})
public class IngestApplication {
  public static void main(String[] args) {
    ServiceProcess.run(service(), args);
  }

  static ConfigurableApplicationContext start(String... args) {
    return service().run(args);
  }

  private static SpringApplicationBuilder service() {
    return new SpringApplicationBuilder(IngestApplication.class)
        .properties("spring.config.name=http,ingest-api,application");
  }
}
