package com.elephantasm.events.writer.store;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.schema.TimeOrderedId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** How many statements PostgreSQL is sent for a batch, between the beginning and the commit of its one transaction. */
class StatementsTest extends StoreTest {
  private static final DataSource WATCHED = SentStatements.watched(POSTGRES);

  private final ChangeStore watched = ChangeStore.in(WATCHED, new LogPartitions(JdbcClient.create(WATCHED)));
  private int keys;

  /** What a batch is made of. Each statement is a round trip of every such batch: who raises a number says why. */
  private enum Batches {
    NEW_EVENTS(3, 5, 5, (test, size) -> test.append(test.events(size))),

    NEW_EVENTS_ASKED(3, 5, 5, (test, size) -> test.ask(test.events(size))),

    /** As a producer sends them once more. */
    DUPLICATES(4, 7, 4, (test, size) -> test.append(test.stored(test.events(size)))),

    DUPLICATES_ASKED(5, 8, 5, (test, size) -> test.ask(test.stored(test.events(size)))),

    EVENTS_TWICE(4, 6, 6, (test, size) -> test.append(Collections.nCopies(2, test.events(size / 2)).stream()
        .flatMap(List::stream).toList())),

    /** As Kafka delivers them once more. */
    RECORDS_AGAIN(5, 8, 5, (test, size) -> test.applied(test.append(test.events(size)))),

    CONFLICTS(5, 8, 5, (test, size) -> test.append(conflicting(test.stored(test.events(size))))),

    CONFLICTS_ASKED(5, 8, 5, (test, size) -> test.ask(conflicting(test.stored(test.events(size))))),

    AMENDMENTS(4, (test, size) -> test.append(amending(test.stored(test.events(size))))),

    AMENDMENTS_ASKED(5, (test, size) -> test.ask(amending(test.stored(test.events(size))))),

    AMENDMENTS_OF_ONE_EVENT(4,
        (test, size) -> test.append(Collections.nCopies(size, amending(test.stored(test.events(1))).getFirst()))),

    AMENDMENTS_OF_NO_EVENT(4, (test, size) -> test.append(amending(test.events(size)))),

    NEW_SPIRITS(6, (test, size) -> test.append(spirits(size))),

    NEW_SPIRITS_WITH_EVENTS(7, 9, 9, (test, size) -> {
      List<Change.SpiritCreated> spirits = spirits(size / 2);
      return test.append(Stream.concat(spirits.stream(), eventsOf(spirits).stream()).toList());
    }),

    CHANGED_SPIRITS(3, (test, size) -> test.append(all(test.stored(spirits(size)),
        spirit -> TestLog.spirit(spirit.spiritId(), "Eve")))),

    DELETED_SPIRITS(3, (test, size) -> test.append(deleting(test.stored(spirits(size))))),

    EVENTS_OF_DELETED_SPIRITS(3, (test, size) -> {
      List<Change.SpiritCreated> spirits = test.stored(spirits(size));
      test.stored(deleting(spirits));
      return test.append(eventsOf(spirits));
    }),

    /** They wait for their spirits. */
    EVENTS_OF_UNKNOWN_SPIRITS(6, (test, size) -> test.append(eventsOf(spirits(size)))),

    /** They do not wait: their senders are told. */
    EVENTS_OF_UNKNOWN_SPIRITS_ASKED(6, (test, size) -> test.ask(eventsOf(spirits(size)))),

    UNREADABLE(2, (test, size) -> all(IntStream.range(0, size).boxed().toList(), n -> test.log.appendPlain("{" + n))),

    REDRIVEN_WITH_EFFECT(4, 6, 6, (test, size) -> {
      List<Change.SpiritCreated> spirits = spirits(size);
      List<LogEntry> early = test.applied(test.ask(eventsOf(spirits)));
      test.stored(spirits);
      return test.redriven(early);
    }),

    REDRIVEN_IN_VAIN(7, 10, 7,
        (test, size) -> test.redriven(test.applied(test.append(conflicting(test.stored(test.events(size))))))),

    MIXED(13, 15, 15, (test, size) -> test.everyKindOfRecord(Math.max(1, size / 7)));

    private final int few;
    private final int many;
    private final int afterwards;
    private final BiFunction<StatementsTest, Integer, List<LogEntry>> maker;

    /** However many records there are. */
    Batches(int statements, BiFunction<StatementsTest, Integer, List<LogEntry>> maker) {
      this(statements, statements, statements, maker);
    }

    /**
     * @param few for so few events that they are inserted
     * @param many for so many that they are copied
     * @param afterwards for many again, when a copy has met what was there already
     */
    Batches(int few, int many, int afterwards, BiFunction<StatementsTest, Integer, List<LogEntry>> maker) {
      this.few = few;
      this.many = many;
      this.afterwards = afterwards;
      this.maker = maker;
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_batch_takes_as_many_statements_however_large_it_is(Batches batches) {
    stored(List.of(TestLog.spirit(spirit, "Ada")));
    assertThat(sent(batches.maker.apply(this, 10))).as("few records").hasSize(batches.few);
    assertThat(sent(batches.maker.apply(this, 1_000))).as("many records").hasSize(batches.many);
    assertThat(sent(batches.maker.apply(this, 2_000))).as("twice as many").hasSize(batches.afterwards);
  }

  /** They come back in steps, so that they need not be in memory all at once. */
  @ParameterizedTest
  @CsvSource({"1,13", "99,13", "100,16", "199,20"})
  void a_new_spirit_takes_some_more_for_each_hundred_records_that_waited_for_it(int waiting, int statements) {
    applied(append(events(waiting)));
    assertThat(sent(append(List.of(TestLog.spirit(spirit, "Ada"))))).hasSize(statements);
    assertThat(events()).hasSize(waiting);
  }

  private List<String> sent(List<LogEntry> batch) {
    // The driver asks once for each type of the server's that it does not know.
    watched.rehearse(everyKindOfRecord(1));
    List<String> sent = SentStatements.during(() -> watched.apply(batch));
    assertThat(sent).startsWith("BEGIN").endsWith("COMMIT");
    return sent.subList(1, sent.size() - 1);
  }

  private List<LogEntry> append(List<? extends Change> changes) {
    return all(changes, log::append);
  }

  private List<LogEntry> ask(List<? extends Change> changes) {
    return all(changes, log::ask);
  }

  private List<LogEntry> redriven(List<LogEntry> rejected) {
    return all(rejected, entry -> log.redrive(entry, TimeOrderedId.at(Instant.now())));
  }

  private List<LogEntry> applied(List<LogEntry> batch) {
    store.apply(batch);
    return batch;
  }

  private <C extends Change> List<C> stored(List<C> changes) {
    applied(append(changes));
    return changes;
  }

  /** Others each time. */
  private List<Change.EventCreated> events(int count) {
    keys += count;
    return IntStream.range(keys - count, keys).mapToObj(key -> TestLog.event(spirit, "k" + key, "hello")).toList();
  }

  private static List<Change.EventCreated> conflicting(List<Change.EventCreated> events) {
    return all(events,
        event -> TestLog.event(event.spiritId(), requireNonNull(event.event().dedupeKey()).value(), "other"));
  }

  private static List<Change.EventAmended> amending(List<Change.EventCreated> events) {
    return all(events, event -> TestLog.importance(event.spiritId(), event.id(), 0.5));
  }

  private static List<Change.SpiritCreated> spirits(int count) {
    return IntStream.range(0, count).mapToObj(_ -> TestLog.spirit(new SpiritId(UUID.randomUUID()), "Ada")).toList();
  }

  private static List<Change.SpiritAmended> deleting(List<Change.SpiritCreated> spirits) {
    return all(spirits, spirit -> TestLog.deletion(spirit.spiritId()));
  }

  private static List<Change.EventCreated> eventsOf(List<Change.SpiritCreated> spirits) {
    return all(spirits, spirit -> TestLog.event(spirit.spiritId(), "k", "hello"));
  }

  private static <A, B> List<B> all(List<A> list, Function<? super A, ? extends B> each) {
    return list.stream().<B>map(each).toList();
  }

  private List<LogEntry> everyKindOfRecord(int times) {
    List<LogEntry> batch = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      SpiritId owner = new SpiritId(UUID.randomUUID());
      Change.EventCreated event = TestLog.event(owner, "k", "hello");
      batch.add(log.ask(TestLog.spirit(owner, "Ada")));
      batch.add(log.ask(event));
      batch.add(log.ask(event));
      batch.add(log.ask(TestLog.event(owner, "k", "conflict")));
      batch.add(log.ask(TestLog.importance(owner, event.id(), 0.5)));
      batch.add(log.append(TestLog.event(new SpiritId(UUID.randomUUID()), "k", "nobody's")));
      batch.add(log.appendPlain("{" + i));
    }
    return batch;
  }
}
