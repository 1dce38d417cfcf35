package com.elephantasm.events.writer.command;

import com.elephantasm.events.writer.transfer.KafkaAccess;
import com.elephantasm.events.writer.transfer.TransferProgress;
import java.util.List;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationContext;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** What export and import have in common. */
final class Transfers {
  static final JsonMapper JSON = new JsonMapper();

  private Transfers() {}

  static KafkaAccess access(ApplicationContext context) {
    ObjectProvider<ConsumerFactory<?, ?>> consumers = context
        .getBeanProvider(org.springframework.core.ParameterizedTypeReference.forType(ConsumerFactory.class));
    ObjectProvider<ProducerFactory<?, ?>> producers = context
        .getBeanProvider(org.springframework.core.ParameterizedTypeReference.forType(ProducerFactory.class));
    return new KafkaAccess(consumers.getObject().getConfigurationProperties(),
        producers.getObject().getConfigurationProperties(),
        context.getBean(KafkaAdmin.class).getConfigurationProperties());
  }

  static ObjectNode json(TransferProgress progress) {
    List<ReplayView.Partition> partitions = partitions(progress);
    ObjectNode json = JSON.createObjectNode().put("records", progress.records())
        .put("read", partitions.stream().mapToLong(each -> each.next() - each.start()).sum())
        .put("total", partitions.stream().mapToLong(each -> each.end() - each.start()).sum());
    partitions.forEach(each -> json.withArray("partitions").addObject().put("partition", each.number())
        .put("start", each.start()).put("end", each.end()).put("next", each.next()));
    return json;
  }

  private static List<ReplayView.Partition> partitions(TransferProgress progress) {
    return progress.partitions().stream()
        .map(each -> new ReplayView.Partition(each.partition(), each.start(), each.end(), each.next())).toList();
  }

  /** Shows how far it is, with the rate since it began. */
  static final class Meter implements Consumer<TransferProgress> {
    private static final double NANOS = 1e9;

    private final String what;
    private final Output output;
    private final Screen screen;
    private final long begun = System.nanoTime();
    private TransferProgress last = new TransferProgress(List.of(), 0);

    Meter(String what, Output output, Screen screen) {
      this.what = what;
      this.output = output;
      this.screen = screen;
    }

    @Override
    public void accept(TransferProgress progress) {
      last = progress;
      screen.show(lines(progress));
      if (output.tellsProgressAsJson()) {
        output.print(json(progress));
      }
    }

    void end(TransferProgress progress) {
      last = progress;
      end();
    }

    void end() {
      screen.showLast(lines(last));
    }

    private ProgressLines.Progress lines(TransferProgress progress) {
      double seconds = (System.nanoTime() - begun) / NANOS;
      return ProgressLines.of(what, partitions(progress), progress.records(),
          (long) (progress.records() / Math.max(seconds, 0.001)));
    }
  }
}
