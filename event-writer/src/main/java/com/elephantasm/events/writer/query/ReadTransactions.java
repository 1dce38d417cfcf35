package com.elephantasm.events.writer.query;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemException;
import com.elephantasm.events.http.ProblemType;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.NonTransientDataAccessResourceException;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.HttpHeaders;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Read-only transactions in which no statement runs for ever. */
public final class ReadTransactions {
  private static final Logger LOG = LoggerFactory.getLogger(ReadTransactions.class);
  private static final String RETRY_AFTER_SECONDS = "5";

  private final JdbcClient jdbc;
  private final TransactionTemplate transactions;
  private final Duration statementTimeout;

  ReadTransactions(JdbcClient jdbc, PlatformTransactionManager manager, Duration statementTimeout) {
    this.jdbc = jdbc;
    this.transactions = new TransactionTemplate(manager);
    this.transactions.setReadOnly(true);
    this.statementTimeout = statementTimeout;
  }

  /**
   * Runs the work in a transaction, which each of its statements sees as of the statement's own beginning.
   *
   * @throws ProblemException 503 where the database is away or takes too long: the same read may succeed later
   */
  public <T extends @Nullable Object> T read(Supplier<T> work) {
    return unlessAway(() -> transactions.execute(_ -> {
      prepare();
      return work.get();
    }));
  }

  /**
   * Runs the work, which has transactions of its own.
   *
   * @throws ProblemException 503 where the database is away or takes too long: the same work may succeed later
   */
  public <T extends @Nullable Object> T unlessAway(Supplier<T> work) {
    try {
      return work.get();
    } catch (QueryTimeoutException e) {
      throw unavailable(
          "the database took longer than %d ms; ask for less at once".formatted(statementTimeout.toMillis()),
          e);
    } catch (TransientDataAccessException | RecoverableDataAccessException | NonTransientDataAccessResourceException
        | TransactionException e) {
      throw unavailable("the database cannot be read at the moment", e);
    }
  }

  /**
   * The server ends a statement itself: the driver's timeout would not see the later steps of a result read in steps. It plans
   * each one for its values: what is right for a spirit of ten events is not for one of ten million. And it does not sort what
   * an index has in order, though it may take a spirit that its statistics do not know yet for one of a single event.
   */
  private void prepare() {
    jdbc.sql("""
        SELECT set_config('statement_timeout', :timeout, true), set_config('plan_cache_mode', 'force_custom_plan', true),
          set_config('enable_sort', 'off', true)
        """).param("timeout", Long.toString(statementTimeout.toMillis())).query().singleRow();
  }

  /** No stack: an outage would fill the logs with the same one. */
  private static ProblemException unavailable(String detail, RuntimeException cause) {
    LOG.warn("Cannot read from the store: {}", cause.getMessage());
    return Problem.of(ProblemType.STORE_UNAVAILABLE, detail)
        .withHeader(HttpHeaders.RETRY_AFTER, RETRY_AFTER_SECONDS).asException();
  }
}
