package com.elephantasm.events.writer.transfer;

import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.Redrive;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Puts the records of an export into a topic: key, value, headers and timestamp as they were, and in the order that they had in their
 * partition. Takes the memory of some megabytes and of a few of the largest records.
 *
 * <p>
 * A record that is identified by its place alone (a plain producer set no key of any kind) is the same event only at that place.
 * Where it comes to stand elsewhere it says in a header where it stood first, as a record that is redriven does.
 */
public final class Importer {
  private static final int BUFFER = 256 * 1024;
  /** Records under way; their bytes are bounded by the producer's buffer. */
  private static final int MOST_UNDER_WAY = 10_000;
  private static final int LONGEST_LAST_LINE = 256;

  private final KafkaAccess kafka;
  private final Map<String, String> configsOfNewTopics;

  public Importer(KafkaAccess kafka, Map<String, String> configsOfNewTopics) {
    this.kafka = kafka;
    this.configsOfNewTopics = Map.copyOf(configsOfNewTopics);
  }

  /**
   * Imports a file, compressed where its name ends in {@code .gz} or {@code .zst}. Unless it is allowed to be truncated, a file
   * that does not have the end of an export is refused before anything is sent.
   *
   * @param progress told how far it is now and then
   * @param stopped asked now and then; where it is true, what is under way is awaited, and the result is not complete
   * @throws TransferException where it cannot be done; or broke off, with how far it was
   * @throws org.apache.kafka.common.KafkaException where Kafka is away or does not allow it, before anything is sent
   */
  public ImportResult fromFile(ImportRequest request, Path file, Consumer<TransferProgress> progress,
      BooleanSupplier stopped) throws IOException, InterruptedException {
    if (!request.allowTruncated() && !hasEnd(file)) {
      throw TransferException.impossible(("%s does not have the last line of an export: it was broken off, or is none. "
          + "With --allow-truncated what it has is imported").formatted(file));
    }
    try (InputStream bytes = open(file)) {
      return fromStream(request, bytes, progress, stopped);
    }
  }

  private static InputStream open(Path file) throws IOException {
    InputStream bytes = Files.newInputStream(file);
    try {
      return Compression.of(file.toString()).from(new BufferedInputStream(bytes, BUFFER));
    } catch (IOException e) {
      bytes.close();
      throw e;
    }
  }

  private static boolean hasEnd(Path file) throws IOException {
    if (Compression.of(file.toString()) == Compression.NONE) {
      return isEnd(lastBytes(file));
    }
    byte[] last = new byte[2 * LONGEST_LAST_LINE];
    int kept = 0;
    try (InputStream bytes = open(file)) {
      byte[] chunk = new byte[BUFFER];
      for (int read = bytes.read(chunk); read > 0; read = bytes.read(chunk)) {
        int taken = Math.min(read, LONGEST_LAST_LINE);
        int left = Math.min(kept, last.length - taken);
        System.arraycopy(last, kept - left, last, 0, left);
        System.arraycopy(chunk, read - taken, last, left, taken);
        kept = left + taken;
      }
    } catch (IOException _) {
      // The compressed data ends before its end, or is none.
      return false;
    }
    return isEnd(new String(last, 0, kept, StandardCharsets.UTF_8));
  }

  private static String lastBytes(Path file) throws IOException {
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      byte[] last = new byte[(int) Math.min(bytes.length(), LONGEST_LAST_LINE)];
      bytes.seek(bytes.length() - last.length);
      bytes.readFully(last);
      return new String(last, StandardCharsets.UTF_8);
    }
  }

  private static boolean isEnd(String last) {
    if (!last.endsWith("\n")) {
      return false;
    }
    String line = last.substring(last.lastIndexOf('\n', last.length() - 2) + 1, last.length() - 1);
    try {
      return ExportFormat.read(line.getBytes(StandardCharsets.UTF_8)) instanceof ExportLine.End;
    } catch (ExportFormat.BrokenLineException _) {
      return false;
    }
  }

  /** Imports a stream; that its end is missing turns out in the end, when what it has is in the topic. */
  public ImportResult fromStream(ImportRequest request, InputStream bytes, Consumer<TransferProgress> progress,
      BooleanSupplier stopped) throws IOException, InterruptedException {
    ExportLines lines = new ExportLines(bytes);
    if (!(lines.next() instanceof ExportLine.Start start)) {
      throw TransferException.impossible("the first line is not the one of an export");
    }
    TargetTopic target = TargetTopic.prepare(kafka, configsOfNewTopics, request, start);
    KafkaProducer<byte[], byte[]> producer = kafka.openProducer(target.largestRecord());
    try {
      return new Run(request, start, target, producer, progress, stopped).importAll(lines);
    } finally {
      producer.close(KafkaAccess.LONGEST_CLOSE);
    }
  }

  private static final class Run {
    private final ImportRequest request;
    private final TargetTopic target;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Consumer<TransferProgress> progress;
    private final BooleanSupplier stopped;
    private final Map<Integer, Long> next;
    private final Map<Integer, TransferProgress.Stretch> stretches = new TreeMap<>();
    private final Deque<UnderWay> underWay = new ArrayDeque<>();
    private final Pulse pulse = new Pulse();
    private long read;
    private long done;
    private long marked;
    private long identifiedByPlace;

    /** @param place where it is to stand; null where only Kafka can tell */
    private record UnderWay(ExportedRecord record, Future<RecordMetadata> sent, @Nullable Long place) {}

    private Run(ImportRequest request, ExportLine.Start start, TargetTopic target,
        KafkaProducer<byte[], byte[]> producer, Consumer<TransferProgress> progress, BooleanSupplier stopped) {
      this.request = request;
      this.target = target;
      this.producer = producer;
      this.progress = progress;
      this.stopped = stopped;
      this.next = new HashMap<>(target.ends());
      start.partitions().forEach(stretch -> stretches.put(stretch.partition(), stretch));
    }

    private ImportResult importAll(ExportLines lines) throws IOException, InterruptedException {
      for (ExportLine line = next(lines); !stopped.getAsBoolean(); line = next(lines)) {
        switch (line) {
          case ExportLine.Entry(ExportedRecord record) -> take(record);
          case ExportLine.End(long records) -> {
            awaitAll();
            if (records != read) {
              throw brokenOff("the export says that it has %d records, and has %d".formatted(records, read));
            }
            return result(true);
          }
          case ExportLine.Start _ -> throw brokenOff("line %d begins another export".formatted(lines.number()));
          case null -> {
            awaitAll();
            if (request.allowTruncated()) {
              return result(true);
            }
            throw brokenOff("the export ended without its last line: what came after is missing");
          }
        }
      }
      awaitAll();
      return result(false);
    }

    private @Nullable ExportLine next(ExportLines lines) throws InterruptedException {
      try {
        return lines.next();
      } catch (IOException | TransferException e) {
        awaitAll();
        throw brokenOff(e instanceof TransferException ? String.valueOf(e.getMessage()) : "cannot read on: " + e);
      }
    }

    private void take(ExportedRecord record) throws InterruptedException {
      read++;
      if (read <= request.skip()) {
        done++;
      } else {
        send(record);
      }
      while (underWay.size() >= MOST_UNDER_WAY) {
        awaitFirst();
      }
      while (!underWay.isEmpty() && underWay.element().sent().isDone()) {
        awaitFirst();
      }
      if (pulse.isDue()) {
        progress.accept(progress());
      }
    }

    private void send(ExportedRecord record) throws InterruptedException {
      Integer partition = partition(record);
      Long place = partition == null ? null : next.merge(partition, 1L, (before, one) -> before + one) - 1;
      RecordHeaders headers = new RecordHeaders();
      record.headers().forEach(header -> headers.add(header.name(), header.value()));
      if (!standsWhereItStood(record, partition, place)) {
        headerOfCopy(record).ifPresent(header -> {
          if (request.verbatim()) {
            identifiedByPlace++;
          } else {
            headers.add(header.name(), header.value());
            marked++;
          }
        });
      }
      // Without a timestamp it would get that of today; one of an old client counts as 1970 wherever it is read.
      long timestamp = record.timestamp() == null ? 0 : Math.max(0, record.timestamp());
      try {
        underWay.add(new UnderWay(record, producer.send(
            new ProducerRecord<>(request.topic(), partition, timestamp, record.key(), record.value(), headers)),
            place));
      } catch (org.apache.kafka.common.KafkaException e) {
        awaitAll();
        throw brokenOff("Kafka did not take record %d of the export (%s): %s".formatted(read, record.position(), e));
      }
    }

    private boolean standsWhereItStood(ExportedRecord record, @Nullable Integer partition, @Nullable Long place) {
      return record.position().topic().equals(request.topic()) && partition != null && place != null
          && record.position().partition() == partition && record.position().offset() == place;
    }

    private static Optional<RecordHeader> headerOfCopy(ExportedRecord record) {
      long timestamp = record.timestamp() == null ? 0 : record.timestamp();
      return Redrive.headerOfCopy(new ReceivedRecord(record.position(), Instant.ofEpochMilli(timestamp), record.key(),
          record.headers(), record.value()));
    }

    /** Null where the producer is to choose by the key. One without a key stays in order with the others of its partition. */
    private @Nullable Integer partition(ExportedRecord record) throws InterruptedException {
      int before = record.position().partition();
      if (request.byKey()) {
        return record.key() == null ? (Integer) (before % target.partitions()) : null;
      }
      if (before >= target.partitions()) {
        awaitAll();
        throw brokenOff("record %d of the export is of partition %d, and the topic %s has %d of them; see --by-key"
            .formatted(read, before, request.topic(), target.partitions()));
      }
      return before;
    }

    private void awaitAll() throws InterruptedException {
      producer.flush();
      while (!underWay.isEmpty()) {
        awaitFirst();
      }
      progress.accept(progress());
    }

    private void awaitFirst() throws InterruptedException {
      UnderWay first = underWay.remove();
      RecordMetadata metadata;
      try {
        metadata = first.sent().get();
      } catch (ExecutionException e) {
        underWay.clear();
        throw brokenOff("Kafka did not take record %d of the export (%s): %s".formatted(done + 1,
            first.record().position(), e.getCause()));
      }
      done++;
      ExportedRecord record = first.record();
      stretches.computeIfPresent(record.position().partition(),
          (partition, stretch) -> new TransferProgress.Stretch(partition, stretch.start(), stretch.end(),
              record.position().offset() + 1));
      if (first.place() != null && metadata.offset() != first.place()) {
        underWay.clear();
        producer.flush();
        throw TransferException.brokenOff(("somebody else writes to the topic %s: partition %d has other records than "
            + "those of the export. Import into a topic that nobody else writes to").formatted(request.topic(),
                metadata.partition()));
      }
    }

    private TransferProgress progress() {
      return new TransferProgress(List.copyOf(stretches.values()), done);
    }

    private ImportResult result(boolean complete) {
      return new ImportResult(done - Math.min(done, request.skip()), done, marked, identifiedByPlace, complete);
    }

    private TransferException brokenOff(String why) {
      return TransferException.brokenOff(
          "%s. The first %d records of the export are in the topic; to go on: --skip %d".formatted(why, done, done));
    }
  }
}
