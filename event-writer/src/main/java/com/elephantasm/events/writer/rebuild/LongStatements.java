package com.elephantasm.events.writer.rebuild;

import com.elephantasm.events.writer.replay.ReplayRun;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.sql.DataSource;
import org.springframework.jdbc.UncategorizedSQLException;

/** Statements that may take hours, and are cancelled where the replay is to stop. */
final class LongStatements {
  private static final long MILLIS_BETWEEN_LOOKS = 500;

  private LongStatements() {}

  /** Runs them in one transaction. */
  static void run(DataSource dataSource, ReplayRun run, List<String> statements) throws InterruptedException {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ExecutorService thread = Executors.newSingleThreadExecutor()) {
      connection.setAutoCommit(false);
      Future<?> done = thread.submit(() -> execute(statements, statement));
      try {
        await(done, run);
      } catch (RuntimeException | InterruptedException e) {
        statement.cancel();
        throw e;
      }
      connection.commit();
    } catch (SQLException e) {
      throw new UncategorizedSQLException("build", String.join("; ", statements), e);
    }
  }

  private static Void execute(List<String> statements, Statement statement) throws SQLException {
    for (String sql : statements) {
      statement.execute(sql);
    }
    return null;
  }

  private static void await(Future<?> done, ReplayRun run) throws SQLException, InterruptedException {
    while (true) {
      try {
        done.get(MILLIS_BETWEEN_LOOKS, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException _) {
        run.checkpoint();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof SQLException refused) {
          throw refused;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
  }
}
