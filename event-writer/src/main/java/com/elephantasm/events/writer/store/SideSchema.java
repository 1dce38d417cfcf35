package com.elephantasm.events.writer.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * A schema of the same database beside that of the service, with tables of its own for another store. Its connections resolve
 * table names there, so whatever works on the live store works on this one, and name tables of the live schema in full.
 */
public final class SideSchema implements AutoCloseable {
  /** What is not made from the log. */
  private static final List<String> NOT_OF_THE_STORE = List.of("replay_partitions", "replays");

  private final String name;
  private final String liveSchema;
  private final HikariDataSource dataSource;
  private final JdbcClient jdbc;

  private SideSchema(String name, String liveSchema, HikariDataSource dataSource) {
    this.name = name;
    this.liveSchema = liveSchema;
    this.dataSource = dataSource;
    this.jdbc = JdbcClient.create(dataSource);
  }

  /**
   * Opens the schema, and makes it first where it is not there. The tables of the store are brought to what this version needs.
   *
   * @param live of the service
   * @param name letters, digits and underscores
   * @param connections the most at once
   * @throws MissingPrivilegeException where the role may not make a schema
   * @throws DataAccessException where the database is away; try again
   */
  public static SideSchema open(DataSource live, String name, int connections) {
    if (!name.matches("[a-z_][a-z0-9_]{0,62}")) {
      throw new IllegalArgumentException("not a plain name of a schema: " + name);
    }
    String liveSchema = JdbcClient.create(live).sql("SELECT current_schema()").query(String.class).single();
    SideSchema schema = new SideSchema(name, liveSchema, pool(live, name, connections));
    try {
      schema.migrate();
    } catch (RuntimeException e) {
      schema.close();
      throw e;
    }
    return schema;
  }

  private static HikariDataSource pool(DataSource live, String name, int connections) {
    try {
      HikariDataSource from = live.unwrap(HikariDataSource.class);
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(from.getJdbcUrl());
      config.setUsername(from.getUsername());
      config.setPassword(from.getPassword());
      Properties properties = new Properties();
      properties.putAll(from.getDataSourceProperties());
      // An index of a large table takes longer than any statement of the service may.
      properties.setProperty("socketTimeout", "0");
      properties.setProperty("ApplicationName", name);
      config.setDataSourceProperties(properties);
      config.setSchema(name);
      // A crash of the server takes at most what is read again, or it is the last commit, which waits for all before it.
      config.setConnectionInitSql("SET synchronous_commit = off");
      config.setMaximumPoolSize(connections);
      config.setMinimumIdle(0);
      config.setPoolName("side-" + name);
      return new HikariDataSource(config);
    } catch (SQLException e) {
      throw new DataAccessResourceFailureException("the service's data source is no pool", e);
    }
  }

  private void migrate() {
    try {
      // Not by Flyway, which would try for ten seconds what its role may not do.
      jdbc.sql("CREATE SCHEMA IF NOT EXISTS " + name).update();
      Flyway.configure().dataSource(dataSource).schemas(name).load().migrate();
    } catch (DataAccessException e) {
      throw Failures.isMissingRight(e)
          ? new MissingPrivilegeException(
              "not authorized: it makes a schema of its own, so it needs the role that owns the tables, see docs/security.md")
          : e;
    } catch (FlywayException e) {
      throw Failures.isAboutTheConnection(e)
          ? new DataAccessResourceFailureException("the database went away while the tables were made", e)
          : e;
    }
    NOT_OF_THE_STORE.forEach(table -> jdbc.sql("DROP TABLE IF EXISTS %s.%s".formatted(name, table)).update());
  }

  /**
   * Gives the partitions of the log the numbers that they have in the live store.
   *
   * @param reached whether each is also as far as there; otherwise it is at its beginning
   */
  public void adoptPartitions(boolean reached) {
    jdbc.sql("""
        INSERT INTO log_partitions (id, topic_id, topic, partition, next_offset) OVERRIDING SYSTEM VALUE
        SELECT id, topic_id, topic, partition, CASE WHEN :reached THEN next_offset ELSE 0 END FROM %s.log_partitions
        ON CONFLICT DO NOTHING
        """.formatted(liveSchema)).param("reached", reached).update();
    jdbc.sql("""
        SELECT setval(pg_get_serial_sequence('log_partitions', 'id'), max(id)) FROM log_partitions HAVING max(id) > 0
        """).query().listOfRows();
  }

  public String name() {
    return name;
  }

  /** That of the service. */
  public String liveSchema() {
    return liveSchema;
  }

  public DataSource dataSource() {
    return dataSource;
  }

  @Override
  public void close() {
    dataSource.close();
  }

  /** Removes a schema with all that is in it; it may be that there is none. */
  public static void drop(DataSource live, String name) {
    JdbcClient.create(live).sql("DROP SCHEMA IF EXISTS \"%s\" CASCADE".formatted(name.replace("\"", "\"\""))).update();
  }
}
