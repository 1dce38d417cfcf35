package com.elephantasm.events.benchmarks;

import com.elephantasm.events.benchmarks.measure.Progress;
import com.elephantasm.events.benchmarks.servers.Database;
import com.elephantasm.events.benchmarks.servers.Servers;
import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.spi.ToolProvider;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.junit.jupiter.api.AfterEach;

/** Starts a real Kafka and a real PostgreSQL once for all tests; they end with the JVM. Each test finds them empty. */
public abstract class IntegrationTest {
  protected static final Servers SERVERS;
  protected static final Progress PROGRESS = new Progress(System.err);
  /** From where the others are seen. */
  private static final Database LOOKOUT;

  static {
    try {
      SERVERS = Servers.start();
      LOOKOUT = SERVERS.newStore("lookout");
      packClassPath(SERVERS.folder("jars"));
    } catch (Exception e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /** What is started takes its class path from that of this JVM. An archive of classes takes them from nothing but jars. */
  private static void packClassPath(Path folder) {
    List<String> jars = new ArrayList<>();
    for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (part.endsWith(".jar")) {
        jars.add(part);
      } else if (!part.endsWith("test-classes")) {
        String jar = folder.resolve(jars.size() + ".jar").toString();
        ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, "--create", "--file", jar, "-C", part,
            ".");
        jars.add(jar);
      }
    }
    System.setProperty("java.class.path", String.join(File.pathSeparator, jars));
  }

  @AfterEach
  void clear() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", SERVERS.bootstrapServers()))) {
      admin.deleteConsumerGroups(admin.listGroups().all().get().stream().map(GroupListing::groupId).toList()).all()
          .get();
      admin.deleteTopics(admin.listTopics().names().get()).all().get();
    }
    for (Database database : databases()) {
      SERVERS.drop(database);
    }
  }

  private static List<Database> databases() throws Exception {
    List<Database> databases = new ArrayList<>();
    try (Connection connection = LOOKOUT.connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("""
            SELECT datname FROM pg_database
            WHERE NOT datistemplate AND datname NOT IN ('postgres', 'elephantasm', current_database())
            """)) {
      while (rows.next()) {
        databases.add(new Database(rows.getString(1), LOOKOUT.url(), LOOKOUT.username(), LOOKOUT.password()));
      }
    }
    return databases;
  }
}
