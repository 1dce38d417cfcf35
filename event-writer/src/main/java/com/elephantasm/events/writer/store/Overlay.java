package com.elephantasm.events.writer.store;

import static com.elephantasm.events.writer.store.Sql.column;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.EventId;
import com.elephantasm.events.schema.SpiritId;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A store that begins as the live one and leaves that as it is: rows are copied when they are asked for, and kept only where they
 * have become others. The tables are not logged, so a crash of the server empties them, and {@link #isNew} is true again.
 */
public final class Overlay implements AutoCloseable {
  private static final List<String> TABLES = List.of("events", "spirits", "dead_letters", "redrives", "late_events",
      "log_partitions");

  private final SideSchema schema;
  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final ChangeStore store;

  private Overlay(SideSchema schema) {
    this.schema = schema;
    this.jdbc = JdbcClient.create(schema.dataSource());
    this.transactions = new TransactionTemplate(new JdbcTransactionManager(schema.dataSource()));
    this.store = ChangeStore.in(schema.dataSource(), LogPartitions.in(schema.dataSource()));
  }

  /** @param connections the most at once */
  public static Overlay open(DataSource live, String name, int connections) {
    return new Overlay(SideSchema.open(live, name, connections));
  }

  public static void drop(DataSource live, String name) {
    SideSchema.drop(live, name);
  }

  /** Whether nothing was done with it yet. */
  public boolean isNew() {
    return jdbc.sql("SELECT NOT EXISTS (SELECT FROM log_partitions)").query(Boolean.class).single();
  }

  /** Takes over how far the live store is, and what it has rejected: both or nothing, so that {@link #isNew} tells. */
  public void begin() {
    transactions.executeWithoutResult(_ -> {
      // In this order: what is logged must not refer to what is not.
      TABLES.forEach(table -> jdbc.sql("ALTER TABLE %s SET UNLOGGED".formatted(table)).update());
      jdbc.sql("TRUNCATE " + String.join(", ", TABLES)).update();
      schema.adoptPartitions(true);
      jdbc.sql("INSERT INTO dead_letters OVERRIDING SYSTEM VALUE SELECT * FROM %s.dead_letters"
          .formatted(schema.liveSchema())).update();
    });
  }

  public ChangeStore store() {
    return store;
  }

  public JdbcClient jdbc() {
    return jdbc;
  }

  /** Copies the rows that these records are about, where the overlay does not have them. */
  public void lookUp(Collection<LogEntry> entries) {
    copy("spirits", spirits(entries));
    copy("events", events(entries));
  }

  private void copy(String table, Collection<UUID> ids) {
    if (!ids.isEmpty()) {
      jdbc.sql("""
          INSERT INTO %1$s SELECT * FROM %2$s.%1$s WHERE id = ANY (:ids::uuid[]) ORDER BY id ON CONFLICT DO NOTHING
          """.formatted(table, schema.liveSchema())).param("ids", column(ids, id -> id)).update();
    }
  }

  /** Removes copies that are still what the live store has. */
  public void forgetUnchanged(Collection<LogEntry> entries) {
    forget("events", events(entries));
  }

  private void forget(String table, Collection<UUID> ids) {
    if (!ids.isEmpty()) {
      jdbc.sql("""
          DELETE FROM %1$s AS copy USING %2$s.%1$s AS live
          WHERE copy.id = live.id AND copy.id = ANY (:ids::uuid[])
            AND (copy.created_partition, copy.created_offset, copy.changed_partition, copy.changed_offset)
              = (live.created_partition, live.created_offset, live.changed_partition, live.changed_offset)
          """.formatted(table, schema.liveSchema())).param("ids", column(ids, id -> id)).update();
    }
  }

  private static Set<UUID> spirits(Collection<LogEntry> entries) {
    return entries.stream().map(LogEntry::content).filter(DecodedChange.Readable.class::isInstance)
        .map(content -> ((DecodedChange.Readable) content).change().spiritId()).map(SpiritId::value)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<UUID> events(Collection<LogEntry> entries) {
    Set<UUID> ids = new TreeSet<>();
    for (LogEntry entry : entries) {
      if (entry.content() instanceof DecodedChange.Readable(Change change)) {
        switch (change) {
          case Change.EventCreated created -> ids.add(id(created.id()));
          case Change.EventAmended amended -> ids.add(id(amended.eventId()));
          case Change.SpiritCreated _,Change.SpiritAmended _ -> {
          }
        }
      }
    }
    return ids;
  }

  private static UUID id(EventId id) {
    return id.value();
  }

  @Override
  public void close() {
    schema.close();
  }
}
