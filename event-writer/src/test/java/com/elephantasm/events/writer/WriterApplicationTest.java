package com.elephantasm.events.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;

@DisplayNameGeneration(ReplaceUnderscores.class)
class WriterApplicationTest {
  @Test
  void every_part_of_the_writer_is_found_by_what_it_is_called_or_by_who_imports_it() {
    DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
    new AnnotatedBeanDefinitionReader(beans).register(WriterApplication.class);
    new ConfigurationClassPostProcessor().postProcessBeanDefinitionRegistry(beans);
    Stream<String> annotated = new ClassPathScanningCandidateComponentProvider(true)
        .findCandidateComponents(WriterApplication.class.getPackageName()).stream()
        .map(BeanDefinition::getBeanClassName);
    assertThat(Stream.of(beans.getBeanDefinitionNames()).map(name -> beans.getBeanDefinition(name).getBeanClassName()))
        .containsAll(annotated.toList());
  }
}
