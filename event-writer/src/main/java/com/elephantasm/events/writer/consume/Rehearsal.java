package com.elephantasm.events.writer.consume;

import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.ReceivedRecord;
import com.elephantasm.events.schema.RecordHeader;
import com.elephantasm.events.schema.RecordPosition;
import com.elephantasm.events.writer.store.ChangeStore;
import com.elephantasm.events.writer.store.LogEntry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** The way of a record from its bytes to its row, gone before the first real one comes, and taken back. */
final class Rehearsal {
  private static final int TIMES = 5;
  private static final int NO_PARTITION = 0;

  private final ChangeStore store;

  Rehearsal(ChangeStore store) {
    this.store = store;
  }

  void run() {
    for (int i = 0; i < TIMES; i++) {
      UUID spirit = UUID.randomUUID();
      store.rehearse(List.of(entry(0, spirit, """
          {"id": "%s", "name": "rehearsal"}
          """, new RecordHeader("ce_type", utf8("com.elephantasm.spirit.created.v1"))), entry(1, spirit, """
          {"agent_id": "%s", "event_type": "system", "content": "", "dedupe_key": "rehearsal", "metadata": {"a": 1}}
          """)));
    }
  }

  private static LogEntry entry(long offset, UUID spirit, String json, RecordHeader... headers) {
    ReceivedRecord record = new ReceivedRecord(new RecordPosition("rehearsal", 0, offset), Instant.EPOCH,
        utf8(spirit.toString()), List.of(headers), utf8(json.formatted(spirit)));
    return new LogEntry(NO_PARTITION, record, ChangeCodec.decode(record));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
