package com.elephantasm.events.schema;

import com.networknt.schema.OutputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** One of the contract's schemas, in the hands of a validator that is not ours. */
final class ContractSchema {
  static final String BASE = "https://elephantasm.com/schemas/";

  private static final Map<String, String> BY_ID = ContractSchemas.all().entrySet().stream()
      .collect(Collectors.toMap(file -> BASE + file.getKey(), Map.Entry::getValue));
  private static final SchemaRegistry REGISTRY = SchemaRegistry
      .withDefaultDialect(SpecificationVersion.DRAFT_2020_12, builder -> builder.schemas(BY_ID));

  private final Schema schema;

  private ContractSchema(Schema schema) {
    this.schema = schema;
  }

  /**
   * @param reference a file's name, with a fragment or without
   */
  static ContractSchema of(String reference) {
    return new ContractSchema(REGISTRY.getSchema(SchemaLocation.of(BASE + reference)));
  }

  /** A schema that is not one of ours but may refer to them. */
  static ContractSchema of(JsonNode schema) {
    return new ContractSchema(REGISTRY.getSchema(SchemaLocation.of(BASE + "test"), schema));
  }

  boolean accepts(JsonNode document) {
    return schema.validate(document, OutputFormat.BOOLEAN);
  }

  List<String> problems(JsonNode document) {
    return schema.validate(document).stream().map(Object::toString).toList();
  }
}
