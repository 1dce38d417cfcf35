package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.writer.WriterApplication;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.config.SaslConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaProperties;
import org.springframework.context.ConfigurableApplicationContext;

/** Passwords that are in files, as Docker and Kubernetes put them there. */
class SecretFilesTest extends StandaloneTest {
  @TempDir
  private Path secrets;

  private record Ended(int code, String text) {}

  private Ended replays() throws Exception {
    try (ChildProcess child = new ChildProcess(WriterApplication.class, "replay", "list", "--bootstrap-servers",
        STANDALONE.kafka().bootstrapServers(), "--jdbc-url", STANDALONE.postgres().jdbcUrl(), "--user",
        STANDALONE.postgres().username(),
        "--spring.config.import=configtree:" + secrets + "/")) {
      String text = String.join("\n", child.remainingOutput());
      return new Ended(child.exitCode(), text);
    }
  }

  @Test
  void the_password_of_the_database_is_read_from_a_file() throws Exception {
    Path password = secrets.resolve("spring.datasource.password");
    Files.writeString(password, STANDALONE.postgres().password() + "\n");
    Ended right = replays();
    assertThat(right.code()).as(right.text()).isZero();
    Files.writeString(password, "another");
    Ended wrong = replays();
    assertThat(wrong.code()).as(wrong.text()).isNotZero();
    assertThat(wrong.text()).contains("password authentication failed for user \"elephantasm\"");
  }

  @Test
  void so_is_what_Kafka_wants_to_know() throws Exception {
    Files.writeString(secrets.resolve("spring.kafka.properties.sasl.jaas.config"), "a.Module required;\n");
    try (ConfigurableApplicationContext context = new SpringApplicationBuilder(KafkaAutoConfiguration.class,
        SslAutoConfiguration.class).web(WebApplicationType.NONE).properties("spring.config.name=http,event-writer")
        .run("--spring.config.import=configtree:" + secrets + "/")) {
      assertThat(context.getBean(KafkaProperties.class).buildProducerProperties())
          .containsEntry(SaslConfigs.SASL_JAAS_CONFIG, "a.Module required;");
    }
  }
}
