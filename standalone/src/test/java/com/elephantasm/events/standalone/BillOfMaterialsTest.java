package com.elephantasm.events.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.standalone.Client.Answer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Each service has one, and here all of them are on the class path. */
class BillOfMaterialsTest extends StandaloneTest {
  @Test
  void the_application_serves_its_own_and_not_that_of_a_service_in_it() {
    Answer answer = CLIENT.get("/actuator/sbom/application");
    assertThat(answer.status()).isEqualTo(200);
    JsonNode sbom = answer.json();
    assertThat(sbom.path("bomFormat").asString()).isEqualTo("CycloneDX");
    assertThat(sbom.at("/metadata/component/name").asString()).isEqualTo("standalone");
    assertThat(sbom.path("components").valueStream().map(component -> component.path("name").asString()))
        .contains("ingest-api", "event-writer", "kafka-clients");
  }
}
