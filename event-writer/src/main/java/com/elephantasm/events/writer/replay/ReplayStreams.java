package com.elephantasm.events.writer.replay;

import com.elephantasm.events.http.Admission;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.transaction.TransactionException;

/** Shows clients how replays go on, as server-sent events, until these have ended or are paused. */
final class ReplayStreams implements SmartLifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayStreams.class);
  private static final Duration INTERVAL = Duration.ofSeconds(1);
  /** Without one, proxies take a connection for dead. */
  private static final Duration HEARTBEAT = Duration.ofSeconds(15);
  private static final int MOST_STREAMS = 100;
  /** Before the web server's graceful shutdown (DEFAULT_PHASE - 1024), which waits for running requests. */
  private static final int PHASE = DEFAULT_PHASE - 512;

  private final ReplayDesk desk;
  private final Admission admission;
  private final Semaphore places = new Semaphore(MOST_STREAMS);
  private volatile CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean running;

  ReplayStreams(ReplayDesk desk, Admission admission) {
    this.desk = desk;
    this.admission = admission;
  }

  void show(Replay replay, HttpServletResponse response) throws InterruptedException {
    if (!places.tryAcquire()) {
      throw Admission.overloaded(
          "%d streams are open already, which is as many as this instance serves".formatted(MOST_STREAMS));
    }
    try {
      admission.leave();
      response.setHeader(HttpHeaders.CACHE_CONTROL, CacheControl.noStore().getHeaderValue());
      response.setHeader("X-Accel-Buffering", "no");
      show(replay, response.getOutputStream());
    } catch (IOException e) {
      LOG.debug("The client of a replay's progress has left", e);
    } finally {
      places.release();
    }
  }

  private void show(Replay replay, OutputStream client) throws IOException, InterruptedException {
    String shown = "";
    long quiet = 0;
    Replay now = replay;
    while (true) {
      String json = ReplayJson.of(now).toString();
      boolean ended = now.state().isFinal() || now.state() == ReplayState.PAUSED;
      if (!json.equals(shown) || ended) {
        write(client, "event: %s\ndata: %s\n\n".formatted(ended ? "end" : "progress", json));
        quiet = 0;
      } else if (++quiet * INTERVAL.toMillis() >= HEARTBEAT.toMillis()) {
        write(client, ":\n\n");
        quiet = 0;
      }
      shown = json;
      if (ended) {
        return;
      }
      if (stopping.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
        return;
      }
      now = look(replay.id()).orElse(now);
    }
  }

  private Optional<Replay> look(UUID id) {
    try {
      return desk.find(id);
    } catch (DataAccessException | TransactionException e) {
      LOG.debug("Cannot read how a replay goes on", e);
      return Optional.empty();
    }
  }

  private static void write(OutputStream client, String text) throws IOException {
    client.write(text.getBytes(StandardCharsets.UTF_8));
    client.flush();
  }

  @Override
  public void start() {
    stopping = new CountDownLatch(1);
    running = true;
  }

  @Override
  public void stop() {
    stopping.countDown();
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
