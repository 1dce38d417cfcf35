package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.Event;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.RejectionReason;
import com.elephantasm.events.schema.Spirit;
import com.elephantasm.events.schema.SpiritId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * What a store ought to hold, worked out from the log and from the store's dead letters, and in another way than the writer
 * works: a record that no dead letter stands for must be in the store. It is kept in a schema of its own, with the hash of each
 * content in its place, so that memory does not bound how much can be compared. The tables are not logged; a crash of the server
 * empties them, and {@link #isNew} is true again.
 */
public final class Expectation implements AutoCloseable {
  private static final List<String> TABLES = List.of("events", "spirits", "late_events", "redrives", "dead_letters",
      "log_partitions");
  private static final List<String> UNUSED_INDEXES = List.of("events_by_key", "events_by_time", "events_by_session",
      "events_by_log", "spirits_by_time");

  private final SideSchema schema;
  private final String checkedSchema;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final DeadLetters deadLetters;
  private final EventRows events;
  private final SpiritRows spirits;
  private final Map<Integer, Boolean> copies = new ConcurrentHashMap<>();

  private Expectation(SideSchema schema, DataSource checked) {
    this.schema = schema;
    this.checkedSchema = JdbcClient.create(checked).sql("SELECT quote_ident(current_schema())").query(String.class)
        .single();
    this.jdbc = JdbcClient.create(schema.dataSource());
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(schema.dataSource()));
    this.deadLetters = new DeadLetters(StoreConfiguration.bounded(checked));
    this.events = new EventRows(jdbc);
    this.spirits = new SpiritRows(jdbc);
  }

  /**
   * @param live the service's own, beside whose schema the new one is made
   * @param checked whose store is to be held against the log: the same, or that of another schema
   * @param connections the most at once
   */
  public static Expectation open(DataSource live, DataSource checked, String name, int connections) {
    return new Expectation(SideSchema.open(live, name, connections), checked);
  }

  /** Whether nothing was worked out yet. */
  public boolean isNew() {
    return !jdbc.sql("SELECT to_regclass('begun') IS NOT NULL").query(Boolean.class).single()
        || jdbc.sql("SELECT NOT EXISTS (SELECT FROM begun)").query(Boolean.class).single();
  }

  public void begin() {
    transactions.executeWithoutResult(_ -> {
      // In this order: what is logged must not refer to what is not.
      TABLES.forEach(table -> jdbc.sql("ALTER TABLE %s SET UNLOGGED".formatted(table)).update());
      UNUSED_INDEXES.forEach(index -> jdbc.sql("DROP INDEX IF EXISTS " + index).update());
      jdbc.sql("TRUNCATE " + String.join(", ", TABLES)).update();
      jdbc.sql("DROP TABLE IF EXISTS begun, unaccounted, waiting").update();
      jdbc.sql("CREATE UNLOGGED TABLE begun (compared boolean NOT NULL, not_judged bigint, report text)").update();
      jdbc.sql("""
          CREATE UNLOGGED TABLE unaccounted (log_partition integer, log_offset bigint, lacking uuid, detail text)
          """).update();
      jdbc.sql("CREATE UNLOGGED TABLE waiting (id uuid, log_partition integer, log_offset bigint)").update();
      jdbc.sql("CREATE INDEX ON waiting (id)").update();
      jdbc.sql("INSERT INTO begun (compared) VALUES (false)").update();
    });
  }

  /**
   * Works some records in, in one transaction. They come in the order of the log within each partition.
   *
   * @param note is given what became of them, as the last thing of the transaction, and the connection of it
   */
  public void fold(List<LogEntry> entries, BiConsumer<Tally, JdbcClient> note) {
    Map<Position, DeadLetters.Covering> covered = entries.isEmpty() ? Map.of() : covering(entries);
    transactions.executeWithoutResult(_ -> {
      Folding folding = new Folding();
      entries.forEach(entry -> {
        DeadLetters.Covering letter = covered.get(entry.position());
        if (letter == null) {
          folding.add(entry);
        } else {
          folding.leave(entry, letter);
        }
      });
      folding.save();
      note.accept(folding.tally, jdbc);
    });
  }

  private Map<Position, DeadLetters.Covering> covering(List<LogEntry> entries) {
    Map<Position, DeadLetters.Covering> covering = new HashMap<>();
    Map<Boolean, List<LogEntry>> byOrigin = entries.stream()
        .collect(Collectors.partitioningBy(entry -> isCopy(entry.partition())));
    byOrigin.forEach((copies, some) -> {
      if (!some.isEmpty()) {
        covering.putAll(copies ? deadLetters.coveringCopies(some) : deadLetters.covering(some));
      }
    });
    return covering;
  }

  /** Whether its records came to the store by another topic, if they came: their dead letters stand elsewhere. */
  private boolean isCopy(int partition) {
    return copies.computeIfAbsent(partition, id -> jdbc.sql("""
        SELECT NOT EXISTS (SELECT FROM %s.log_partitions WHERE id = :id AND next_offset > 0)
        """.formatted(checkedSchema)).param("id", id).query(Boolean.class).single());
  }

  private record Staged<C extends Change>(LogEntry entry, C change) {}

  /** One batch: spirits at once, events when all are known. */
  private final class Folding {
    private final Tally tally = new Tally();
    private final List<LogEntry> spiritChanges = new ArrayList<>();
    private final Map<EventId, Staged<Change.EventCreated>> created = new LinkedHashMap<>();
    private final List<Staged<Change.EventCreated>> again = new ArrayList<>();
    private final List<Staged<Change.EventAmended>> amended = new ArrayList<>();
    private final List<LogEntry> unaccounted = new ArrayList<>();
    private final List<LogEntry> waiting = new ArrayList<>();

    private void add(LogEntry entry) {
      switch (entry.content()) {
        case DecodedChange.Unreadable _ -> reject(entry);
        case DecodedChange.Readable(Change.SpiritCreated _),DecodedChange.Readable(Change.SpiritAmended _) ->
          spiritChanges.add(entry);
        case DecodedChange.Readable(Change.EventCreated change) -> {
          Staged<Change.EventCreated> staged = new Staged<>(entry, change);
          if (created.putIfAbsent(change.id(), staged) != null) {
            again.add(staged);
          }
        }
        case DecodedChange.Readable(Change.EventAmended change) -> amended.add(new Staged<>(entry, change));
      }
    }

    /** What waits for its spirit becomes a row as soon as that arrives, which may be before the rows are compared. */
    private void leave(LogEntry entry, DeadLetters.Covering letter) {
      tally.add(Fate.REJECTED, 1);
      if (letter.reason() == RejectionReason.UNKNOWN_SPIRIT && !entry.outcomeAsked()
          && entry.content() instanceof DecodedChange.Readable(Change.EventCreated _)) {
        waiting.add(entry);
      }
    }

    /** What is neither in the store by the log's own account, nor a dead letter. */
    private void reject(LogEntry entry) {
      tally.add(Fate.REJECTED, 1);
      unaccounted.add(entry);
    }

    private void save() {
      if (!spiritChanges.isEmpty()) {
        changeSpirits();
      }
      if (!created.isEmpty()) {
        createEvents();
      }
      if (!amended.isEmpty()) {
        amendEvents();
      }
      if (!unaccounted.isEmpty()) {
        note(unaccounted);
      }
      if (!waiting.isEmpty()) {
        noteWaiting(waiting);
      }
    }

    private void changeSpirits() {
      Map<SpiritId, SpiritRow> rows = new HashMap<>();
      Set<SpiritId> ids = new TreeSet<>();
      spiritChanges.forEach(entry -> ids.add(((DecodedChange.Readable) entry.content()).change().spiritId()));
      spirits.lock(ids).forEach(row -> rows.put(row.spirit().id(), row));
      for (LogEntry entry : spiritChanges) {
        Change change = ((DecodedChange.Readable) entry.content()).change();
        SpiritRow row = rows.get(change.spiritId());
        SpiritRow after = changed(row, entry, change);
        if (after != null) {
          rows.put(change.spiritId(), after);
        }
        if (row == null && after == null) {
          reject(entry);
        } else {
          tally.add(row == null ? Fate.STORED : after == null ? Fate.SKIPPED : Fate.AMENDED, 1);
        }
      }
      if (!rows.isEmpty()) {
        spirits.save(rows.values());
      }
    }

    /** Null where nothing changes. */
    private static @Nullable SpiritRow changed(@Nullable SpiritRow row, LogEntry entry, Change change) {
      Version version = Version.of(entry);
      if (row == null) {
        return change instanceof Change.SpiritCreated created
            ? new SpiritRow(Spirit.created(created.spiritId(), created.spirit(), version.at()), entry.position(),
                entry.position())
            : null;
      }
      if (!row.version().isOlderThan(version)) {
        return null;
      }
      return switch (change) {
        case Change.SpiritCreated created when !row.spirit().isAlready(created.spirit()) ->
          new SpiritRow(row.spirit().replaced(created.spirit(), version.at()), row.created(), entry.position());
        case Change.SpiritAmended amended ->
          new SpiritRow(row.spirit().amended(amended.amendment(), version.at()), row.created(), entry.position());
        default -> null;
      };
    }

    private void createEvents() {
      List<EventRow> rows = created.values().stream().map(Expectation::expected).toList();
      Set<UUID> inserted = events.insert(rows);
      List<Staged<Change.EventCreated>> found = new ArrayList<>(again);
      created.values().forEach(staged -> {
        if (inserted.contains(staged.change().id().value())) {
          tally.add(Fate.STORED, 1);
        } else {
          found.add(staged);
        }
      });
      if (!found.isEmpty()) {
        Map<EventId, EventState> stored = byId(events.find(found.stream().map(each -> each.change().id()).toList()));
        found.forEach(staged -> {
          EventState state = stored.get(staged.change().id());
          if (state != null && state.hasPayloadOf(staged.change().event())) {
            tally.add(Fate.DUPLICATE, 1);
          } else {
            reject(staged.entry());
          }
        });
      }
    }

    private void amendEvents() {
      Map<EventId, EventState> states = byId(
          events.lock(amended.stream().map(staged -> staged.change().eventId()).collect(Collectors.toSet())));
      Map<EventId, EventState> changed = new LinkedHashMap<>();
      for (Staged<Change.EventAmended> staged : amended) {
        EventState state = states.get(staged.change().eventId());
        Version version = Version.of(staged.entry());
        if (state == null || !state.agentId().equals(staged.change().spiritId())
            || staged.entry().position().isInSamePartitionAndBefore(state.created())) {
          reject(staged.entry());
        } else if (state.version().isOlderThan(version)) {
          EventState after = state.amended(staged.change().amendment(), version);
          states.put(after.id(), after);
          changed.put(after.id(), after);
          tally.add(Fate.AMENDED, 1);
        } else {
          tally.add(Fate.SKIPPED, 1);
        }
      }
      if (!changed.isEmpty()) {
        events.update(changed.values());
      }
    }
  }

  private static Map<EventId, EventState> byId(Collection<EventState> states) {
    return states.stream().collect(Collectors.toMap(EventState::id, state -> state, (one, _) -> one, HashMap::new));
  }

  private static EventRow expected(Staged<Change.EventCreated> staged) {
    Event event = staged.change().stored(staged.entry().record().timestamp());
    Event hashed = new Event(event.id(), event.agentId(), event.eventType(), sha256(event.content()),
        event.metaSummary(), event.role(), event.author(), event.occurredAt(), event.sessionId(), event.metadata(),
        event.sourceUri(), event.dedupeKey(), event.importanceScore(), event.createdAt(), event.updatedAt(),
        event.isDeleted());
    return new EventRow(hashed, staged.change().event().payloadDigest(), staged.entry().position());
  }

  /** As {@code encode(sha256(convert_to(content, 'UTF8')), 'hex')} gives it. */
  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256 (see java.security.MessageDigest)", e);
    }
  }

  private void note(Collection<LogEntry> unaccounted) {
    jdbc.sql("""
        INSERT INTO unaccounted
        SELECT * FROM unnest(:partitions::integer[], :offsets::bigint[], :lacking::uuid[], :details::text[])
        """).param("partitions", Sql.column(unaccounted, LogEntry::partition))
        .param("offsets", Sql.column(unaccounted, entry -> entry.position().offset()))
        .param("lacking", Sql.column(unaccounted, Expectation::lacking))
        .param("details", Sql.column(unaccounted, entry -> switch (entry.content()) {
          case DecodedChange.Unreadable(_, String detail) -> Sql.printable(detail);
          case DecodedChange.Readable(Change.EventCreated change) ->
            "event %s has the same identity and another payload".formatted(change.id());
          case DecodedChange.Readable(Change.EventAmended change) -> "there is no event " + change.eventId();
          case DecodedChange.Readable(Change change) -> "there is no spirit " + change.spiritId();
        })).update();
  }

  /** What earlier records should have made, of a record that changes it. */
  private static @Nullable UUID lacking(LogEntry entry) {
    return entry.content() instanceof DecodedChange.Readable(Change change)
        && (change instanceof Change.EventAmended || change instanceof Change.SpiritAmended)
            ? Outcomes.subject(entry)
            : null;
  }

  private void noteWaiting(Collection<LogEntry> waiting) {
    jdbc.sql("INSERT INTO waiting SELECT * FROM unnest(:ids::uuid[], :partitions::integer[], :offsets::bigint[])")
        .param("ids", Sql.column(waiting, Outcomes::subject))
        .param("partitions", Sql.column(waiting, LogEntry::partition))
        .param("offsets", Sql.column(waiting, entry -> entry.position().offset())).update();
  }

  /** The schema in which it is kept. */
  String name() {
    return schema.name();
  }

  /** The schema of the store that is held against it, quoted. */
  String checkedSchema() {
    return checkedSchema;
  }

  JdbcClient jdbc() {
    return jdbc;
  }

  TransactionTemplate transactions() {
    return transactions;
  }

  EventRows events() {
    return events;
  }

  SpiritRows spirits() {
    return spirits;
  }

  public static void drop(DataSource live, String name) {
    SideSchema.drop(live, name);
  }

  @Override
  public void close() {
    schema.close();
  }
}
