package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.ingest.Client.Answer;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.FieldChange;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.NewSpirit;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritAmendment;
import com.elephantasm.events.schema.SpiritId;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class SpiritIntakeTest extends IntegrationTest {
  private static final String PATH = "/api/v1/spirits";
  private final SpiritId spirit = StandInWriter.newSpirit();
  private final String path = PATH + "/" + spirit;

  /** Answers as a writer that has the spirit already. */
  private static Outcome changed(Change change, Instant at) {
    Spirit before = Spirit.created(change.spiritId(), new NewSpirit("Ada", "Answers mail", Metadata.EMPTY), at);
    return new Outcome.SpiritAmended(switch (change) {
      case Change.SpiritCreated(SpiritId _, NewSpirit spirit) -> before.replaced(spirit, at);
      case Change.SpiritAmended(SpiritId _, SpiritAmendment amendment) -> before.amended(amendment, at);
      case Change.EventCreated _,Change.EventAmended _ -> throw new IllegalStateException("not about a spirit");
    });
  }

  private Outcome unknown() {
    return new Outcome.Rejected(spirit.value(), RejectionReason.UNKNOWN_SPIRIT, "there is no spirit " + spirit);
  }

  @Test
  void a_spirit_that_is_posted_gets_an_id() {
    Answer answer = CLIENT.send("POST", PATH, "{\"name\":\"Ada\",\"metadata\":{\"a\":1}}");
    assertThat(answer.status()).isEqualTo(201);
    JsonNode stored = answer.json();
    assertThat(stored.at("/id").asString()).matches("[0-9a-f]{8}-[0-9a-f]{4}-4.*");
    assertThat(answer.header("Location")).isEqualTo(PATH + "/" + stored.at("/id").asString());
    assertThat(stored.propertyNames()).containsExactly("id", "name", "description", "metadata", "created_at",
        "updated_at", "is_deleted");
  }

  @Test
  void a_spirit_that_is_put_keeps_the_id_of_the_caller() {
    Answer answer = CLIENT.send("PUT", path, "{\"name\":\"Ada\"}");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().at("/id").asString()).isEqualTo(spirit.toString());
    assertThat(answer.header("Location")).isEqualTo(path);
  }

  @Test
  void a_spirit_that_is_put_again_is_a_200() {
    WRITER.answer(spirit, SpiritIntakeTest::changed);
    Answer answer = CLIENT.send("PUT", path, "{\"name\":\"Eve\"}");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Location")).isNull();
    assertThat(answer.json().at("/name").asString()).isEqualTo("Eve");
    assertThat(answer.json().at("/description").isNull()).isTrue();
  }

  @Test
  void a_spirit_can_be_changed() {
    WRITER.answer(spirit, SpiritIntakeTest::changed);
    Answer answer = CLIENT.send("PATCH", path, "{\"description\":null}", "Prefer", "wait=10");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Preference-Applied")).isEqualTo("wait=10");
    assertThat(answer.json().at("/name").asString()).isEqualTo("Ada");
    assertThat(answer.json().at("/description").isNull()).isTrue();
  }

  @Test
  void a_spirit_can_be_deleted() {
    WRITER.answer(spirit, SpiritIntakeTest::changed);
    Answer answer = CLIENT.send("DELETE", path, (String) null);
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.response().body()).isEmpty();
    assertThat(WRITER.reads(change -> change.spiritId().equals(spirit))).singleElement().satisfies(read -> {
      assertThat(((Change.SpiritAmended) read.change()).amendment().isDeleted())
          .isEqualTo(new FieldChange.SetTo<>(true));
    });
  }

  @Test
  void a_spirit_that_is_not_there_cannot_be_changed_or_deleted() {
    WRITER.answer(spirit, (_, _) -> unknown());
    CLIENT.send("PATCH", path, "{\"name\":\"Eve\"}").problem(404, "unknown-spirit");
    CLIENT.send("DELETE", path, (String) null).problem(404, "unknown-spirit");
  }

  @Test
  void every_change_can_be_asynchronous() {
    for (String method : new String[]{"PUT", "PATCH", "DELETE"}) {
      Answer answer = CLIENT.send(method, path, method.equals("DELETE") ? null : "{\"name\":\"Eve\"}", "Prefer",
          "respond-async");
      assertThat(answer.status()).isEqualTo(202);
      assertThat(answer.header("Location")).isEqualTo(path);
      assertThat(answer.json().at("/id").asString()).isEqualTo(spirit.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1-1-1-1-1", "x", "4ed77144-2596-5006-899e-2dbe2ab3832e1"})
  void a_path_that_names_no_UUID_is_a_422(String id) {
    Answer answer = CLIENT.send("PUT", PATH + "/" + id, "{\"name\":\"Ada\"}");
    JsonNode error = answer.problem(422, "invalid").at("/errors/0");
    assertThat(error.at("/in").asString()).isEqualTo("path");
    assertThat(error.at("/pointer").asString()).isEqualTo("/id");
  }

  @Test
  void what_is_wrong_with_a_spirit_is_said() {
    assertThat(CLIENT.send("POST", PATH, "{\"name\":\"\",\"id\":\"x\",\"description\":1}").problem(422, "invalid")
        .at("/errors").valueStream().map(error -> error.at("/pointer").asString())).containsExactly("/name", "/id",
            "/description");
    assertThat(CLIENT.send("PATCH", path, "{}").problem(422, "invalid").at("/errors/0/pointer").asString()).isEmpty();
    assertThat(CLIENT.send("PATCH", path, "{\"name\":null}").problem(422, "invalid").at("/errors/0/pointer").asString())
        .isEqualTo("/name");
  }
}
