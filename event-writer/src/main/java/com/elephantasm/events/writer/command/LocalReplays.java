package com.elephantasm.events.writer.command;

import com.elephantasm.events.log.LogSettings;
import com.elephantasm.events.writer.replay.ImpossibleReplayException;
import com.elephantasm.events.writer.replay.Replay;
import com.elephantasm.events.writer.replay.ReplayDesk;
import com.elephantasm.events.writer.replay.ReplayJson;
import com.elephantasm.events.writer.replay.ReplayRequests;
import com.elephantasm.events.writer.replay.ReplayRunner;
import com.elephantasm.events.writer.replay.ReplayState;
import com.elephantasm.events.writer.replay.ReplayStateException;
import com.elephantasm.events.writer.store.StoreMigration;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import tools.jackson.databind.node.ObjectNode;

/** Replays that this process runs itself, kept in the store like any other. */
final class LocalReplays implements Replays {
  private static final Logger LOG = LoggerFactory.getLogger(LocalReplays.class);

  private final ConfigurableApplicationContext context;
  private final ReplayDesk desk;
  private final ReplayRunner runner;
  private final LogSettings log;
  private @Nullable Thread running;

  private LocalReplays(ConfigurableApplicationContext context) {
    this.context = context;
    this.desk = context.getBean(ReplayDesk.class);
    this.runner = context.getBean(ReplayRunner.class);
    this.log = context.getBean(LogSettings.class);
  }

  static LocalReplays open(List<String> arguments) {
    ConfigurableApplicationContext context = Contexts.ofReplays(arguments);
    try {
      if (!context.getBean(StoreMigration.class).done()) {
        throw new CommandFailedException(ExitCode.UNREACHABLE, "PostgreSQL cannot be reached at %s: %s"
            .formatted(context.getEnvironment().getProperty("spring.datasource.url"),
                context.getBean(StoreMigration.class).obstacle()));
      }
      return new LocalReplays(context);
    } catch (RuntimeException e) {
      context.close();
      throw Failures.asCommandFailure(e);
    }
  }

  @Override
  public ReplayView request(ObjectNode request) {
    return view(() -> {
      Replay replay = desk.requestHere(
          ReplayRequests.read(request.toString().getBytes(StandardCharsets.UTF_8), log.topic()),
          System.getProperty("user.name"));
      run(replay.id());
      return replay;
    });
  }

  private void run(UUID id) {
    running = Thread.ofPlatform().name("replay").daemon().start(() -> {
      try {
        runToItsEnd(id);
      } catch (InterruptedException _) {
        // close() asked for it
      }
    });
  }

  private void runToItsEnd(UUID id) throws InterruptedException {
    for (boolean ended = false; !ended;) {
      try {
        ReplayState state = runner.run(id);
        ended = state != ReplayState.PENDING;
      } catch (DataAccessException | TransactionException e) {
        LOG.warn("PostgreSQL is away, trying again: {}", e.getMessage());
        TimeUnit.SECONDS.sleep(1);
      }
    }
  }

  @Override
  public ReplayView find(String id) {
    return view(() -> found(id));
  }

  private Replay found(String id) {
    return desk.find(uuid(id)).orElseThrow(() -> new CommandFailedException(ExitCode.FAILED,
        "there is no replay " + id));
  }

  private static UUID uuid(String id) {
    return UUID.fromString(id);
  }

  @Override
  public List<ReplayView> list(@Nullable String state, int limit) {
    ReplayState only = state == null ? null : ReplayState.of(state);
    return asked(() -> desk.list(only, null, null, limit)).stream().map(ReplayJson::of).map(ReplayView::new).toList();
  }

  @Override
  public ReplayView pause(String id) {
    return changed(id, () -> desk.pause(uuid(id)));
  }

  @Override
  public ReplayView resume(String id, boolean here) {
    return changed(id, () -> {
      if (here) {
        desk.resumeHere(uuid(id));
        run(uuid(id));
      } else {
        desk.resume(uuid(id));
      }
    });
  }

  @Override
  public ReplayView cancel(String id) {
    return changed(id, () -> desk.cancel(uuid(id)));
  }

  @Override
  public ReplayView throttle(String id, @Nullable Long recordsPerSecond) {
    return changed(id, () -> desk.throttle(uuid(id), recordsPerSecond));
  }

  private ReplayView changed(String id, Runnable change) {
    return view(() -> {
      Replay _ = found(id);
      change.run();
      return found(id);
    });
  }

  private static ReplayView view(Callable<Replay> question) {
    return new ReplayView(ReplayJson.of(asked(question)));
  }

  private static <T> T asked(Callable<T> question) {
    try {
      return question.call();
    } catch (ImpossibleReplayException e) {
      throw new CommandFailedException(ExitCode.WRONG, String.valueOf(e.getMessage()).replace('_', '-'));
    } catch (ReplayStateException e) {
      throw new CommandFailedException(ExitCode.FAILED, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      throw Failures.asCommandFailure(e);
    } catch (Exception e) {
      throw new CommandFailedException(ExitCode.FAILED, e.toString());
    }
  }

  @Override
  public boolean areRunHere() {
    return true;
  }

  /** What runs ends as if the process had been killed: whoever comes next goes on with it. */
  @Override
  public void close() {
    context.close();
    Thread runs = running;
    if (runs != null) {
      runs.interrupt();
    }
  }
}
