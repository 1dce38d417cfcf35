package com.elephantasm.events.writer;

import com.elephantasm.events.http.HttpConfiguration;
import com.elephantasm.events.http.ServiceProcess;
import com.elephantasm.events.http.access.AccessConfiguration;
import com.elephantasm.events.http.limit.LimitConfiguration;
import com.elephantasm.events.log.ChangeLogConfiguration;
import com.elephantasm.events.writer.command.WriterCommand;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Import;

/**
 * The event-writer as an application of its own: the log into PostgreSQL, and the reads over HTTP. With {@code replay},
 * {@code export} or {@code import} as the first argument it is a command instead; {@code --help} says more.
 */
@SpringBootApplication
@Import({AccessConfiguration.class, ChangeLogConfiguration.class, HttpConfiguration.class, LimitConfiguration.class})
public class WriterApplication {
  public static void main(String[] args) {
    if (WriterCommand.isMeant(args)) {
      System.exit(WriterCommand.run(args));
    }
    ServiceProcess.run(new SpringApplicationBuilder(WriterApplication.class)
        .properties("spring.config.name=http,event-writer,application"), args);
  }
}
