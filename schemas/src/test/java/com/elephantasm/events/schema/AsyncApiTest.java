package com.elephantasm.events.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class AsyncApiTest {
  private static final JsonNode DOCUMENT = read();
  private static final RecordPosition POSITION = new RecordPosition("elephantasm.events", 3, 1207);

  private static JsonNode read() {
    InputStream file = ContractSchemas.class.getResourceAsStream("asyncapi.yaml");
    return new YAMLMapper().readTree(file);
  }

  record Message(String name, JsonNode definition) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Message> messages() {
    return DOCUMENT.at("/components/messages").properties().stream()
        .map(message -> new Message(message.getKey(), message.getValue()));
  }

  @Test
  void every_reference_resolves() {
    List<String> references = ContractSchemasTest.references(DOCUMENT);
    assertThat(references).hasSizeGreaterThan(20).allSatisfy(reference -> {
      if (reference.startsWith("#")) {
        assertThat(DOCUMENT.at(reference.substring(1)).isMissingNode()).isFalse();
      } else {
        assertThat(ContractSchemas.all()).containsKey(reference);
      }
    });
  }

  @Test
  void both_topics_and_every_type_of_record_are_described() {
    assertThat(DOCUMENT.get("asyncapi").asString()).isEqualTo("3.0.0");
    assertThat(DOCUMENT.get("channels").findValues("address")).map(JsonNode::asString)
        .containsExactly("elephantasm.events", "elephantasm.outcomes");
    assertThat(DOCUMENT.at("/components/schemas/CloudEventHeaders/properties/ce_type/enum")).map(JsonNode::asString)
        .containsExactlyInAnyOrder(ChangeCodec.EVENT_CREATED, ChangeCodec.EVENT_AMENDED, ChangeCodec.SPIRIT_CREATED,
            ChangeCodec.SPIRIT_AMENDED);
    assertThat(DOCUMENT.at("/components/schemas/CloudEventHeaders/properties").propertyNames())
        .containsExactlyInAnyOrder(HeaderNames.SPEC_VERSION, HeaderNames.TYPE, HeaderNames.SOURCE, HeaderNames.ID,
            HeaderNames.TIME, HeaderNames.SUBJECT, HeaderNames.DATA_SCHEMA, HeaderNames.CONTENT_TYPE,
            HeaderNames.REPLY_TO, HeaderNames.REQUEST_ID, HeaderNames.REDRIVE, HeaderNames.TRACE_PARENT,
            HeaderNames.TRACE_STATE);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void every_example_passes_its_schema_and_is_read(Message message) {
    ContractSchema payloads = ContractSchema.of(message.definition().at("/payload/schema/$ref").asString());
    assertThat(message.definition().path("examples")).isNotEmpty().allSatisfy(example -> {
      assertThat(payloads.problems(example.get("payload"))).isEmpty();
      assertThat(headerProblems(message, example)).isEmpty();
      assertRead(message, example);
    });
  }

  /** The headers' schema refers to others in the document, so it is judged together with them. */
  private static List<String> headerProblems(Message message, JsonNode example) {
    if (!message.definition().has("headers")) {
      assertThat(example.has("headers")).isFalse();
      return List.of();
    }
    ObjectNode schema = (ObjectNode) message.definition().get("headers").deepCopy();
    schema.set("components", DOCUMENT.get("components"));
    return ContractSchema.of(schema).problems(example.get("headers"));
  }

  private static void assertRead(Message message, JsonNode example) {
    byte[] value = example.get("payload").toString().getBytes(StandardCharsets.UTF_8);
    if (message.name().equals("Outcome")) {
      assertThat(OutcomeCodec.decode(value)).isInstanceOf(Decoded.Valid.class);
      return;
    }
    ReceivedRecord record = new ReceivedRecord(POSITION, Instant.EPOCH, null, headers(example.path("headers")), value);
    assertThat(ChangeCodec.decode(record)).isInstanceOfSatisfying(DecodedChange.Readable.class, readable -> {
      assertThat(message.name()).isIn(readable.change().getClass().getSimpleName(), "PlainEvent", "StructuredEvent");
      String subject = record.header(HeaderNames.SUBJECT);
      if (subject != null) {
        assertThat(subject).isEqualTo(switch (readable.change()) {
          case Change.EventCreated created -> created.id().toString();
          case Change.EventAmended amended -> amended.eventId().toString();
          case Change.SpiritCreated created -> created.spiritId().toString();
          case Change.SpiritAmended amended -> amended.spiritId().toString();
        });
      }
    });
  }

  private static List<RecordHeader> headers(JsonNode example) {
    List<RecordHeader> headers = new ArrayList<>();
    for (Map.Entry<String, JsonNode> header : example.properties()) {
      headers.add(RecordHeader.of(header.getKey(), header.getValue().asString()));
    }
    return headers;
  }
}
