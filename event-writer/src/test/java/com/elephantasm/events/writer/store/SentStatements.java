package com.elephantasm.events.writer.store;

import com.elephantasm.events.servers.TestPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.net.SocketFactory;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * The statements that PostgreSQL is sent over one connection, as the messages on its socket say (PostgreSQL manual, section 54.7):
 * however they are made, and also those that the driver adds.
 */
public final class SentStatements extends SocketFactory {
  private static final List<String> SENT = new ArrayList<>();

  /** For the driver, which makes it by its name. */
  public SentStatements() {}

  /** Of one connection, which is kept. Only one is to be in use at a time. */
  static DataSource watched(TestPostgres postgres) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setUrl(postgres.jdbcUrl());
    source.setUser(postgres.username());
    source.setPassword(postgres.password());
    source.setSocketFactory(SentStatements.class.getName());
    source.setSslMode("disable");
    source.setGssEncMode("disable");
    try {
      return new SingleConnectionDataSource(source.getConnection(), true);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The statements that are sent meanwhile, each as the beginning of its text. */
  static List<String> during(Runnable work) {
    SENT.clear();
    work.run();
    return List.copyOf(SENT);
  }

  /** Takes the messages of one connection apart. */
  private static final class Messages extends OutputStream {
    private static final int LENGTH = Integer.BYTES;

    private final OutputStream out;
    private final ByteArrayOutputStream message = new ByteArrayOutputStream();
    private final Map<String, String> prepared = new HashMap<>();
    private final Map<String, String> portals = new HashMap<>();
    /** The first message has no type. */
    private int typeLength;
    private int missing = LENGTH;
    private boolean lengthKnown;

    private Messages(OutputStream out) {
      this.out = out;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[]{(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      for (int read = offset; read < offset + length;) {
        int taken = Math.min(missing, offset + length - read);
        message.write(bytes, read, taken);
        read += taken;
        missing -= taken;
        if (missing == 0) {
          goOn();
        }
      }
      out.write(bytes, offset, length);
    }

    private void goOn() {
      ByteBuffer read = ByteBuffer.wrap(message.toByteArray());
      if (!lengthKnown) {
        lengthKnown = true;
        missing = read.getInt(typeLength) - LENGTH;
      }
      if (missing == 0) {
        if (typeLength > 0) {
          note((char) read.get(), read.position(typeLength + LENGTH));
        }
        message.reset();
        typeLength = 1;
        missing = typeLength + LENGTH;
        lengthKnown = false;
      }
    }

    private void note(char type, ByteBuffer body) {
      switch (type) {
        case 'P' -> prepared.put(text(body), text(body)); // Parse: a name and what it stands for
        case 'B' -> portals.put(text(body), String.valueOf(prepared.get(text(body)))); // Bind
        case 'E' -> SENT.add(beginning(String.valueOf(portals.get(text(body))))); // Execute
        case 'Q' -> SENT.add(beginning(text(body))); // Query
        case 'F' -> SENT.add("a function call");
        default -> {
        }
      }
    }

    private static String text(ByteBuffer body) {
      int start = body.position();
      while (body.get() != 0) {
        // On to its end.
      }
      return new String(body.array(), start, body.position() - 1 - start, StandardCharsets.UTF_8);
    }

    private static String beginning(String sql) {
      String line = sql.strip().replaceAll("\\s+", " ");
      return line.substring(0, Math.min(80, line.length()));
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  @Override
  public Socket createSocket() {
    return new Socket() {
      private @Nullable OutputStream out;

      @Override
      public synchronized OutputStream getOutputStream() throws IOException {
        if (out == null) {
          out = new Messages(super.getOutputStream());
        }
        return Objects.requireNonNull(out);
      }
    };
  }

  @Override
  public Socket createSocket(String host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
    throw new UnsupportedOperationException();
  }
}
