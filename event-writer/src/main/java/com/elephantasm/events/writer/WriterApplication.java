package com.elephantasm.events.writer;

import com.elephantasm.events.http.HttpConfiguration;
import com.elephantasm.events.http.ServiceProcess;
import com.elephantasm.events.http.access.AccessConfiguration;
import com.elephantasm.events.http.limit.LimitConfiguration;
import com.elephantasm.events.log.ChangeLogConfiguration;
import com.elephantasm.events.writer.command.WriterCommand;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationExcludeFilter;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.TypeExcludeFilter;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.context.annotation.FilterType;
import org.springframework.context.annotation.Import;

/**
 * The event-writer as an application of its own: the log into PostgreSQL, and the reads over HTTP. With {@code replay},
 * {@code export} or {@code import} as the first argument it is a command instead; {@code --help} says more.
 */
@SpringBootConfiguration
@EnableAutoConfiguration
@ComponentScan(resourcePattern = WriterApplication.PARTS, excludeFilters = {
    @Filter(type = FilterType.CUSTOM, classes = TypeExcludeFilter.class),
    @Filter(type = FilterType.CUSTOM, classes = AutoConfigurationExcludeFilter.class)})
@Import({AccessConfiguration.class, ChangeLogConfiguration.class, HttpConfiguration.class, LimitConfiguration.class})
public class WriterApplication {
  /** What a part is called, if nobody imports it. To find them among all classes, each start would have to read every one. */
  static final String PARTS = "**/{part:.+(?:Configuration|Controller)}.class";

  public static void main(String[] args) {
    if (WriterCommand.isMeant(args)) {
      System.exit(WriterCommand.run(args));
    }
    ServiceProcess.run(new SpringApplicationBuilder(WriterApplication.class)
        .properties("spring.config.name=http,event-writer,application"), args);
  }
}
