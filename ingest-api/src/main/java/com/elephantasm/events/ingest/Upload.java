package com.elephantasm.events.ingest;

import com.elephantasm.events.http.BrokenBodyException;
import io.opentelemetry.context.Context;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A batch that comes line by line and is answered line by line. One thread reads and publishes, another waits for each line in
 * order and writes its receipt; between them is a window. A client that reads its receipts slowly stops the second, then the
 * window is full, then the first stops, then the network stops the client. So an upload takes as much memory as its window,
 * however long it is.
 */
final class Upload {
  private static final Logger LOG = LoggerFactory.getLogger(Upload.class);

  /** What goes from the thread that reads to the one that answers. */
  private sealed interface Step {
    record Published(long line, BatchItem item) implements Step {}

    /** @param failure null where the upload was read to its end */
    record End(@Nullable Exception failure) implements Step {}

    /** The service wants to stop: there may be nothing else to come for long. */
    record Stop() implements Step {}
  }

  private final LineReader lines;
  private final BatchPublication publication;
  private final int maxLineSize;
  private final Receipts receipts;
  private final boolean onlyFailures;
  private final int window;
  private final Semaphore places;
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final Tally tally;
  /** Held while a line is published and its step added. Once {@link #closed} was set under it, nothing is published any more. */
  private final ReentrantLock publishing = new ReentrantLock();
  private volatile boolean closed;
  /** Of the answer; the thread that answers writes nothing before. */
  private boolean begun;

  /** @param onlyFailures whether receipts of events that were taken are left out */
  Upload(InputStream body, BatchPublication publication, Receipts receipts, boolean onlyFailures,
      IngestSettings settings) {
    this.publication = publication;
    tally = publication.newTally();
    this.receipts = receipts;
    this.onlyFailures = onlyFailures;
    maxLineSize = Math.toIntExact(settings.maxLineSize().toBytes());
    lines = new LineReader(body, maxLineSize, () -> closed);
    window = settings.window();
    places = new Semaphore(window);
  }

  /**
   * Returns when all that was read is answered, and no thread reads any more.
   *
   * @throws BrokenBodyException where the upload broke off before there was anything to answer
   */
  void run() throws BrokenBodyException {
    Thread reader = Thread.ofVirtual().name("upload").start(Context.current().wrap(this::read));
    try {
      Exception failure = answer();
      if (failure instanceof BrokenBodyException broken && tally.total() == 0) {
        throw broken;
      }
      receipts.end(tally, description(failure));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      end(reader);
    }
  }

  private static @Nullable String description(@Nullable Exception failure) {
    return switch (failure) {
      case null -> null;
      case IOException e -> String.valueOf(e.getMessage());
      default -> "the service failed on this upload; its log says why";
    };
  }

  /** What is under way is answered, and no more is read. Any thread may ask for it. */
  void stop() {
    steps.add(new Step.Stop());
  }

  private void read() {
    Exception failure = null;
    try {
      for (LineReader.Line line = lines.next(); line != null && publish(line); line = lines.next()) {
        // Each is published.
      }
    } catch (IOException e) {
      failure = e;
    } catch (InterruptedException | RuntimeException e) {
      LOG.error("An upload failed", e);
      failure = e;
    } finally {
      steps.add(new Step.End(failure));
    }
  }

  /** @return false where nothing is to be published any more */
  private boolean publish(LineReader.Line line) throws InterruptedException {
    places.acquire();
    publishing.lock();
    try {
      if (!closed) {
        if (!begun) {
          receipts.begin();
          begun = true;
        }
        byte[] json = line.json();
        BatchItem item = json == null
            ? BatchPublication.refused(BatchPublication.tooLarge(maxLineSize))
            : publication.publish(json);
        steps.add(new Step.Published(line.number(), item));
      }
      return !closed;
    } finally {
      publishing.unlock();
    }
  }

  /** @return why not all of the upload was read */
  private @Nullable Exception answer() throws InterruptedException {
    while (true) {
      switch (nextStep()) {
        case Step.Published published -> answer(published);
        case Step.End(Exception failure) -> {
          return failure;
        }
        case Step.Stop _ -> {
          close();
          answerTheRest();
          return new UploadStoppedException("the service is stopping");
        }
      }
    }
  }

  /** A client that waits for its receipts before it sends more has them before this thread waits. */
  private Step nextStep() throws InterruptedException {
    Step next = steps.poll();
    if (next == null) {
      receipts.flush();
      next = steps.take();
    }
    return next;
  }

  private void answer(Step.Published published) {
    BatchItem item = published.item();
    if (!item.isSettled()) {
      receipts.flush();
    }
    ItemResult result = item.await(tally);
    if (!onlyFailures || !result.isSuccess()) {
      receipts.receipt(published.line(), result);
    }
    if (receipts.isClientGone()) {
      close();
    }
    places.release();
  }

  private void answerTheRest() {
    for (Step step = steps.poll(); step != null; step = steps.poll()) {
      if (step instanceof Step.Published published) {
        answer(published);
      }
    }
  }

  private void close() {
    publishing.lock();
    closed = true;
    publishing.unlock();
  }

  private void end(Thread reader) {
    close();
    // Where this thread has failed, the other may still wait for a place.
    places.release(window);
    for (Step step = steps.poll(); step != null; step = steps.poll()) {
      if (step instanceof Step.Published(long _, BatchItem item)) {
        item.abandon();
      }
    }
    try {
      reader.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
