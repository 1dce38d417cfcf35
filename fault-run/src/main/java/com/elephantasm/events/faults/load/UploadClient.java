package com.elephantasm.events.faults.load;

import com.elephantasm.events.faults.load.SentEvent.Naming;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Uploads NDJSON, sometimes cut off in the middle, and uploads the lines without a receipt again. */
final class UploadClient extends Client {
  private static final Naming[] NAMINGS = {Naming.DEDUPE_KEY, Naming.DEDUPE_KEY, Naming.SOURCE_URI, Naming.NOTHING};
  private static final int ONE_OLD_IN = 20;
  private static final int ONE_CUT_IN = 8;

  private final Gateway ingest;
  private int size;

  UploadClient(String name, Bench bench, RandomGenerator random, Pace pace) {
    super(name, bench, random, pace);
    ingest = bench.ingest(random);
  }

  @Override
  int nextAttempts() {
    size = random.nextInt(50, 200);
    return size;
  }

  @Override
  void step() throws InterruptedException {
    List<SentEvent> events = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      events.add(anyEvent());
    }
    var _ = deliver(events, "NDJSON", this::upload);
  }

  private SentEvent anyEvent() {
    SentEvent old = random.nextInt(ONE_OLD_IN) == 0 ? bench.oldEvents().any(random) : null;
    return old != null && old.naming() != Naming.CLOUD_EVENT
        ? old
        : maker.event(bench.anySpirit(random), NAMINGS[random.nextInt(NAMINGS.length)]);
  }

  private List<Answer> upload(List<SentEvent> events) throws InterruptedException {
    int instance = ingest.current();
    Upload upload = new Upload(ingest.address(instance), random, random.nextInt(4) == 0);
    List<byte[]> lines = events.stream().map(UploadClient::line).toList();
    boolean cut = random.nextInt(ONE_CUT_IN) == 0;
    upload.run(lines, cut ? random.nextInt(lines.size()) : lines.size());
    if (!cut && !upload.isComplete()) {
      ingest.leave(instance);
    }
    List<Answer> answers = upload.answers(lines.size());
    readOneOf(events, answers, upload.token());
    return answers;
  }

  private static byte[] line(SentEvent event) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    line.writeBytes(event.json());
    line.write('\n');
    return line.toByteArray();
  }

  private void readOneOf(List<SentEvent> events, List<Answer> answers, @Nullable String token) {
    int any = random.nextInt(events.size());
    if (token != null && answers.get(any) instanceof Answer.Acknowledged acknowledged && acknowledged.id() != null) {
      bench.readers().read(name, bench, random, events.get(any), acknowledged.id(), token);
    }
  }
}
