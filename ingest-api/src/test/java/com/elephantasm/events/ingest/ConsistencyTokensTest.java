package com.elephantasm.events.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.elephantasm.events.ingest.Client.Answer;
import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ConsistencyToken;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.NewSpirit;
import com.elephantasm.events.schema.Outcome;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every answer to a change that was published says where it stands in the log. */
class ConsistencyTokensTest extends IntegrationTest {
  private final SpiritId spirit = StandInWriter.newSpirit();

  @ParameterizedTest
  @CsvSource(delimiter = '|', nullValues = "-", value = {
      "POST   | /api/v1/events       | {\"agent_id\":\"SPIRIT\",\"event_type\":\"system\",\"content\":\"\"} | 201",
      "PUT    | /api/v1/spirits/SPIRIT | {\"name\":\"Ada\"}                                                 | 201",
      "PATCH  | /api/v1/spirits/SPIRIT | {\"name\":\"Eve\"}                                                 | 200",
      "DELETE | /api/v1/spirits/SPIRIT | -                                                                  | 204"})
  void a_write_is_answered_with_a_token_of_its_position(String method, String path, @Nullable String body, int status) {
    WRITER.answer(spirit, ConsistencyTokensTest::applied);
    for (String prefer : List.of("wait=30", "respond-async")) {
      Answer answer = CLIENT.send(method, path.replace("SPIRIT", spirit.toString()),
          body == null ? null : body.replace("SPIRIT", spirit.toString()), "Prefer", prefer);
      assertThat(answer.status()).isEqualTo(prefer.equals("respond-async") ? 202 : status);
      assertThat(answer.response().headers().allValues("Consistency-Token")).containsExactly(lastToken(answer));
      assertThat(answer.header("Preference-Applied")).isEqualTo(prefer);
    }
  }

  /** What the writer has read last of the spirit, which is the record of the answer. */
  private String lastToken(Answer answer) {
    int expected = answer.status() == 202 ? 2 : 1;
    await().until(() -> WRITER.reads(change -> change.spiritId().equals(spirit)).size() == expected);
    RecordPosition position = WRITER.reads(change -> change.spiritId().equals(spirit)).getLast().record().position();
    return ConsistencyToken.of(position).encoded();
  }

  private static Outcome applied(Change change, Instant at) {
    Spirit after = Spirit.created(change.spiritId(), new NewSpirit("Ada", null, Metadata.EMPTY), at);
    return switch (change) {
      case Change.EventCreated created -> new Outcome.EventStored(created.stored(at));
      case Change.SpiritCreated _ -> new Outcome.SpiritStored(after);
      case Change.SpiritAmended _ -> new Outcome.SpiritAmended(after);
      case Change.EventAmended _ -> throw new IllegalStateException("not from here");
    };
  }
}
