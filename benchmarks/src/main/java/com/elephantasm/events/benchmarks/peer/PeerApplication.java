package com.elephantasm.events.benchmarks.peer;

import com.elephantasm.events.benchmarks.servers.Program;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;

/**
 * The web server of the ingest-api, on virtual threads as there, without its filters, contract, checks and limits: nothing but two
 * handlers.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@ImportAutoConfiguration({TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
    WebMvcAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class})
@Import(PeerEndpoints.class)
public class PeerApplication {
  public static void main(String[] args) {
    new SpringApplicationBuilder(PeerApplication.class)
        // None of the files of the services beside it on the class path.
        .properties("spring.config.name=peer", "spring.threads.virtual.enabled=true", "server.address=127.0.0.1",
            "server.tomcat.max-keep-alive-requests=-1", "spring.main.banner-mode=off", "logging.level.root=warn")
        .run(args);
  }

  /** @param topic of what is posted to {@code /publish} */
  public static Program program(int port, String bootstrapServers, String topic) {
    return Program.of(PeerApplication.class, List.of("--server.port=" + port,
        "--peer.bootstrap-servers=" + bootstrapServers, "--peer.topic=" + topic));
  }

  @Bean(destroyMethod = "close")
  Producer<byte[], byte[]> producer(Environment environment) {
    return BareProducer.open(environment.getRequiredProperty("peer.bootstrap-servers"),
        BareProducer.FOR_SINGLE_RECORDS);
  }
}
