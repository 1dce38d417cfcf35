package com.elephantasm.events.writer.transfer;

import com.elephantasm.events.log.KafkaRecords;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DecodedChange;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.schema.SpiritId;
import com.elephantasm.events.writer.replay.Bound;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/**
 * Writes records of a topic to a file, as {@link ExportFormat} has it: from where the selection begins to where the topic ends when
 * it starts. Takes the memory of some megabytes and of the largest record, however many there are.
 */
public final class Exporter {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int BUFFER = 256 * 1024;

  private final KafkaAccess kafka;

  public Exporter(KafkaAccess kafka) {
    this.kafka = kafka;
  }

  /**
   * What is exported.
   *
   * @param partitions empty is all
   * @param from null is the beginning of the topic
   * @param to null is its end
   * @param agentId only records about this spirit; null is all
   */
  public record Selection(String topic, Set<Integer> partitions, @Nullable Bound from, @Nullable Bound to,
      @Nullable SpiritId agentId) {
    public Selection {
      partitions = Set.copyOf(partitions);
    }

    private boolean takes(ConsumerRecord<byte[], byte[]> record) {
      return (!(from instanceof Bound.At(Instant first)) || record.timestamp() >= first.toEpochMilli())
          && (!(to instanceof Bound.At(Instant end)) || record.timestamp() < end.toEpochMilli())
          && (agentId == null || isAbout(agentId, record));
    }

    /** A record that says nothing readable is about the spirit whose key it has. */
    private static boolean isAbout(SpiritId spirit, ConsumerRecord<byte[], byte[]> record) {
      return switch (ChangeCodec.decode(KafkaRecords.received(record))) {
        case DecodedChange.Readable(var change) -> change.spiritId().equals(spirit);
        case DecodedChange.Unreadable _ -> record.key() != null
            && new String(record.key(), StandardCharsets.UTF_8).equalsIgnoreCase(spirit.toString());
      };
    }
  }

  /**
   * Writes a file that is there when all of it is, and has {@code .part} at the end of its name until then; compressed where its
   * name ends in {@code .gz} or {@code .zst}.
   *
   * @param stopped asked now and then; the export breaks off where it is true
   * @throws TransferException where it cannot be done, or broke off
   * @throws org.apache.kafka.common.KafkaException where Kafka is away or does not allow it
   */
  public TransferProgress toFile(Selection selection, Path file, Consumer<TransferProgress> progress,
      BooleanSupplier stopped) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    TransferProgress done;
    try (OutputStream to = Files.newOutputStream(part)) {
      done = toStream(selection, Compression.of(file.toString()).to(to), progress, stopped);
    } catch (RuntimeException | IOException e) {
      Files.deleteIfExists(part);
      throw e;
    }
    try (FileChannel written = FileChannel.open(part, StandardOpenOption.WRITE)) {
      written.force(true);
    }
    Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    return done;
  }

  /** The same to a stream, which is closed in the end; without its last line where it breaks off. */
  public TransferProgress toStream(Selection selection, OutputStream stream, Consumer<TransferProgress> progress,
      BooleanSupplier stopped) throws IOException {
    try (KafkaConsumer<byte[], byte[]> consumer = kafka.openConsumer();
        OutputStream out = new BufferedOutputStream(stream, BUFFER)) {
      return new Run(selection, consumer, out, progress, stopped).export();
    } catch (OffsetOutOfRangeException e) {
      throw TransferException.brokenOff("the topic no longer has what was to be exported: it was deleted meanwhile, at "
          + e.offsetOutOfRangePartitions() + ". Export again");
    }
  }

  private static final class Run {
    private final Selection selection;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final OutputStream out;
    private final Consumer<TransferProgress> progress;
    private final BooleanSupplier stopped;
    private final Map<TopicPartition, TransferProgress.Stretch> stretches = new TreeMap<>(
        (a, b) -> Integer.compare(a.partition(), b.partition()));
    private final Pulse pulse = new Pulse();
    private long records;

    private Run(Selection selection, KafkaConsumer<byte[], byte[]> consumer, OutputStream out,
        Consumer<TransferProgress> progress, BooleanSupplier stopped) {
      this.selection = selection;
      this.consumer = consumer;
      this.out = out;
      this.progress = progress;
      this.stopped = stopped;
    }

    private TransferProgress export() throws IOException {
      int partitionCount = plan();
      out.write(ExportFormat.write(
          new ExportLine.Start(selection.topic(), partitionCount, List.copyOf(stretches.values()))));
      consumer.assign(stretches.keySet());
      stretches.forEach((partition, stretch) -> consumer.seek(partition, stretch.start()));
      Set<TopicPartition> open = new HashSet<>(stretches.keySet());
      endWhereDone(open);
      while (!open.isEmpty()) {
        if (stopped.getAsBoolean()) {
          throw TransferException.brokenOff("stopped after %d records".formatted(records));
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          write(record);
        }
        endWhereDone(open);
        if (pulse.isDue()) {
          progress.accept(progress());
        }
      }
      out.write(ExportFormat.write(new ExportLine.End(records)));
      out.flush();
      progress.accept(progress());
      return progress();
    }

    private void write(ConsumerRecord<byte[], byte[]> record) throws IOException {
      TransferProgress.Stretch stretch = stretches.get(new TopicPartition(record.topic(), record.partition()));
      if (stretch != null && record.offset() < stretch.end() && selection.takes(record)) {
        out.write(ExportFormat.write(new ExportLine.Entry(exported(record))));
        records++;
      }
    }

    /** The marks of transactions, and records that were taken back, leave offsets at which there is nothing to read. */
    private void endWhereDone(Set<TopicPartition> open) {
      List<TopicPartition> done = new ArrayList<>();
      for (TopicPartition partition : open) {
        TransferProgress.Stretch stretch = stretches.get(partition);
        if (stretch == null) {
          continue;
        }
        long next = Math.min(consumer.position(partition), stretch.end());
        stretches.put(partition,
            new TransferProgress.Stretch(stretch.partition(), stretch.start(), stretch.end(), next));
        if (next >= stretch.end()) {
          done.add(partition);
        }
      }
      consumer.pause(done);
      open.removeAll(done);
    }

    private TransferProgress progress() {
      return new TransferProgress(List.copyOf(stretches.values()), records);
    }

    /** @return how many partitions the topic has */
    private int plan() {
      List<PartitionInfo> infos = consumer.partitionsFor(selection.topic());
      if (infos.isEmpty()) {
        throw TransferException.impossible("there is no topic %s".formatted(selection.topic()));
      }
      Set<Integer> existing = infos.stream().map(PartitionInfo::partition).collect(Collectors.toSet());
      requireExisting(selection.partitions(), existing);
      Set<Integer> chosen = selection.partitions().isEmpty() ? existing : selection.partitions();
      List<TopicPartition> partitions = chosen.stream().map(each -> new TopicPartition(selection.topic(), each))
          .toList();
      Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      Map<TopicPartition, Long> starts = starts(partitions, beginnings, ends, existing);
      for (TopicPartition partition : partitions) {
        long end = end(partition, ends.getOrDefault(partition, 0L), existing);
        long start = Math.min(starts.getOrDefault(partition, 0L), end);
        stretches.put(partition, new TransferProgress.Stretch(partition.partition(), start, end, start));
      }
      return existing.size();
    }

    private void requireExisting(Collection<Integer> named, Set<Integer> existing) {
      named.stream().filter(partition -> !existing.contains(partition)).findFirst().ifPresent(partition -> {
        throw TransferException.impossible(
            "the topic %s has no partition %d, only %d of them".formatted(selection.topic(), partition,
                existing.size()));
      });
    }

    private Map<TopicPartition, Long> starts(List<TopicPartition> partitions, Map<TopicPartition, Long> beginnings,
        Map<TopicPartition, Long> ends, Set<Integer> existing) {
      return switch (selection.from()) {
        case null -> beginnings;
        case Bound.Offsets(Map<Integer, Long> offsets) -> {
          requireExisting(offsets.keySet(), existing);
          yield partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> {
            long beginning = beginnings.getOrDefault(partition, 0L);
            long from = offsets.getOrDefault(partition.partition(), beginning);
            if (from < beginning) {
              throw TransferException.impossible("partition %d begins at offset %d now, what was before is deleted"
                  .formatted(partition.partition(), beginning));
            }
            return from;
          }));
        }
        case Bound.At(Instant time) -> {
          Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(partitions.stream()
              .collect(Collectors.toMap(Function.identity(), _ -> Math.max(0, time.toEpochMilli()))));
          yield partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> {
            // Null, whatever the type says, where no record is as late.
            OffsetAndTimestamp first = found.get(partition);
            return first == null ? ends.getOrDefault(partition, 0L) : first.offset();
          }));
        }
      };
    }

    /** Timestamps need not rise, so that up to a time is everything up to the end that has such a timestamp. */
    private long end(TopicPartition partition, long end, Set<Integer> existing) {
      if (!(selection.to() instanceof Bound.Offsets(Map<Integer, Long> offsets))) {
        return end;
      }
      requireExisting(offsets.keySet(), existing);
      return Math.min(end, offsets.getOrDefault(partition.partition(), end));
    }
  }

  private static ExportedRecord exported(ConsumerRecord<byte[], byte[]> record) {
    List<RecordHeader> headers = new ArrayList<>();
    record.headers().forEach(header -> headers.add(new RecordHeader(header.key(), header.value())));
    boolean hasTimestamp = record.timestampType() != TimestampType.NO_TIMESTAMP_TYPE
        && record.timestamp() != ConsumerRecord.NO_TIMESTAMP;
    return new ExportedRecord(new RecordPosition(record.topic(), record.partition(), record.offset()),
        hasTimestamp ? record.timestamp() : null, record.key(), headers, record.value());
  }
}
