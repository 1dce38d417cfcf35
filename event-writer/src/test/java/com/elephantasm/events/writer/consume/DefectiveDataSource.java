package com.elephantasm.events.writer.consume;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** As if the writer had a defect: it fails where a statement is given certain texts, in a way that has nothing to do with the database. */
final class DefectiveDataSource extends DelegatingDataSource {
  static final String DEFECT = "brings a defect to light";
  static final String ERROR = "needs too much memory";
  static final AtomicInteger ERRORS_TO_COME = new AtomicInteger();

  DefectiveDataSource(DataSource dataSource) {
    super(dataSource);
  }

  @Override
  public Connection getConnection() throws SQLException {
    return proxy(Connection.class, super.getConnection());
  }

  private static <T> T proxy(Class<T> type, Object target) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type}, (_, method, arguments) -> {
      check(arguments);
      Object result = invoke(target, method, arguments);
      return result instanceof PreparedStatement ? proxy(PreparedStatement.class, result) : result;
    }));
  }

  private static void check(@Nullable Object @Nullable [] arguments) {
    if (arguments == null) {
      return;
    }
    for (Object argument : arguments) {
      if (argument instanceof Object[] column) {
        if (Arrays.asList(column).contains(DEFECT)) {
          throw new IllegalStateException("a defect");
        }
        if (Arrays.asList(column).contains(ERROR) && ERRORS_TO_COME.getAndDecrement() > 0) {
          throw new OutOfMemoryError("for a test");
        }
      }
    }
  }

  private static @Nullable Object invoke(Object target, Method method, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}
