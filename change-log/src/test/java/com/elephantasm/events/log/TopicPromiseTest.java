package com.elephantasm.events.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.servers.TestKafka;
import com.elephantasm.events.settings.SettingException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.health.contributor.Status;
import org.springframework.context.ApplicationContextException;
import org.springframework.context.ConfigurableApplicationContext;

class TopicPromiseTest extends LogTest {
  private static final String TOPIC = "elephantasm.events";

  @Test
  void a_log_that_loses_records_is_refused_at_the_start_and_later_until_it_is_put_right() throws Exception {
    try (TestKafka kafka = TestKafka.start(); Admin admin = admin(kafka.bootstrapServers())) {
      admin.createTopics(List.of(new NewTopic(TOPIC, 1, (short) 1)
          .configs(Map.of("retention.ms", "3600000", "cleanup.policy", "compact,delete")))).all().get();
      assertThatExceptionOfType(ApplicationContextException.class)
          .isThrownBy(() -> service(kafka.bootstrapServers()).close()).havingCause()
          .asInstanceOf(type(SettingException.class)).satisfies(e -> {
            assertThat(e).hasMessageContainingAll("retention.ms is 3600000", "cleanup.policy is compact,delete",
                "max.message.bytes is 1048588", "--entity-name elephantasm.events --add-config "
                    + "cleanup.policy=delete,retention.ms=-1,max.message.bytes=2097152.",
                "accept-finite-retention=true");
          });

      kafka.stop();
      try (ConfigurableApplicationContext service = service(kafka.bootstrapServers())) {
        kafka.restart();
        await().atMost(LONG).untilAsserted(() -> assertThat(String.valueOf(health(service).getDetails().get("topics")))
            .contains("retention.ms is 3600000", "--add-config cleanup.policy=delete"));
        assertThat(health(service).getStatus()).isEqualTo(Status.DOWN);
        ChangeLog log = service.getBean(ChangeLog.class);
        assertThatExceptionOfType(LogUnavailableException.class).isThrownBy(() -> publish(log, event("refused")))
            .withMessageContaining("retention.ms is 3600000");

        admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, TOPIC),
            List.of(set("cleanup.policy", "delete"), set("retention.ms", "-1"), set("max.message.bytes", "2097152"))))
            .all().get();
        await().atMost(LONG).until(() -> service.getBean(TopicCreation.class).topicsExist());
        assertThat(publish(log, event("first")).position().offset()).isZero();
        await().atMost(LONG).until(() -> health(service).getStatus().equals(Status.UP));
      }
    }
  }

  private static AlterConfigOp set(String name, String value) {
    return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      1, 1, true,
      3, 2, false,
      3, 3, false,
      3, 1, false, min.insync.replicas is 1 of 3
      2, 3, false, min.insync.replicas is 3 of 2
      3, 2, true,  unclean.leader.election.enable is true
      """)
  void a_record_is_acknowledged_only_when_losing_a_broker_cannot_lose_it(int replicas, String inSync, String unclean,
      String problem) {
    TopicState state = new TopicState(12, replicas, Map.of("cleanup.policy", "delete", "retention.ms", "-1",
        "retention.bytes", "-1", "max.message.bytes", "2097152", "min.insync.replicas", inSync,
        "unclean.leader.election.enable", unclean));
    LogSettings defaults = new Binder(new MapConfigurationPropertySource(Map.of())).bindOrCreate("elephantasm.log",
        LogSettings.class);
    Optional<String> breach = new TopicPromise(defaults).breachedBy(TOPIC, state).map(Throwable::getMessage);
    if (problem == null) {
      assertThat(breach).isEmpty();
    } else {
      assertThat(breach).hasValueSatisfying(message -> assertThat(message).contains(problem));
    }
  }
}
