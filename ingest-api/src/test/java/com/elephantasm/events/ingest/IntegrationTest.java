package com.elephantasm.events.ingest;

import com.elephantasm.events.log.OutcomePublisher;
import com.elephantasm.events.servers.TestKafka;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.springframework.context.ConfigurableApplicationContext;

/** The service on a port of its own against a real Kafka, with a stand-in for the writer. Started once, for all tests. */
@DisplayNameGeneration(ReplaceUnderscores.class)
abstract class IntegrationTest {
  static final ConfigurableApplicationContext SERVICE;
  static final StandInWriter WRITER;
  static final Client CLIENT;

  static {
    TestKafka kafka = TestKafka.start();
    SERVICE = IngestApplication.start("--spring.kafka.bootstrap-servers=" + kafka.bootstrapServers());
    WRITER = new StandInWriter(kafka.bootstrapServers(), SERVICE.getBean(OutcomePublisher.class));
    CLIENT = new Client(SERVICE);
    CLIENT.awaitOutcomes();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> {
      SERVICE.close();
      kafka.close();
    }));
  }
}
