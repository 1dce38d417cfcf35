package com.elephantasm.events.http;

import static java.util.Objects.requireNonNull;

import com.elephantasm.events.schema.ContractSchemas;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.ResourcePatternResolver;
import org.springframework.web.servlet.config.annotation.ResourceHandlerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.webjars.WebJarVersionLocator;
import tools.jackson.databind.json.JsonMapper;

/** The documentation of whatever services are on the class path. */
@Configuration(proxyBeanMethods = false)
class DocumentationConfiguration {
  @Bean
  DocumentationEndpoint documentationEndpoint(ResourcePatternResolver resources, ServiceVersion version,
      ObjectProvider<OperationDocumentation> additions) {
    return new DocumentationEndpoint(() -> document(resources, version, additions));
  }

  private static byte[] document(ResourcePatternResolver resources, ServiceVersion version,
      ObjectProvider<OperationDocumentation> additions) throws IOException {
    Resource[] fragments = resources.getResources("classpath*:openapi/*.yaml");
    // By name, so that the document does not depend on the order of the class path.
    Arrays.sort(fragments, Comparator.comparing(fragment -> String.valueOf(fragment.getFilename())));
    List<String> texts = new ArrayList<>();
    for (Resource fragment : fragments) {
      texts.add(fragment.getContentAsString(StandardCharsets.UTF_8));
    }
    texts.add("info: {version: '%s'}".formatted(version.value()));
    Map<String, Object> document = OpenApiDocument.assemble(texts, ContractComponents.of(ContractSchemas.all()),
        additions.orderedStream().toArray(OperationDocumentation[]::new));
    return new JsonMapper().writeValueAsBytes(document);
  }

  /** Swagger UI from the class path: the page asks no other host for anything. */
  @Bean
  WebMvcConfigurer swaggerUi() {
    String version = requireNonNull(new WebJarVersionLocator().version("swagger-ui"),
        "swagger-ui is not on the class path");
    return new WebMvcConfigurer() {
      @Override
      public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/docs/**").addResourceLocations("classpath:/com/elephantasm/events/http/docs/",
            "classpath:/META-INF/resources/webjars/swagger-ui/" + version + "/");
      }
    };
  }
}
