package com.elephantasm.events.writer.consume;

import com.elephantasm.events.log.KafkaRefusals;
import com.elephantasm.events.log.LogAccess;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.kafka.event.ConsumerRetryAuthEvent;

/** Says which right is missing where Kafka refuses to let the consumers read; the event itself does not. */
final class ReadRefusals implements ApplicationListener<ConsumerRetryAuthEvent> {
  private static final Logger LOG = LoggerFactory.getLogger(ReadRefusals.class);
  private final LogAccess access;
  private volatile String told = "";

  ReadRefusals(LogAccess access) {
    this.access = access;
  }

  @Override
  public void onApplicationEvent(ConsumerRetryAuthEvent event) {
    try {
      List<String> missing = access.missing();
      tell(String.join("; ", missing));
    } catch (ExecutionException e) {
      tell(KafkaRefusals.describe(e).orElse(""));
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(String refusal) {
    if (!refusal.isEmpty() && !refusal.equals(told)) {
      LOG.error("Cannot read the log, trying again: {}", refusal);
    }
    told = refusal;
  }
}
