package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.RecordHeader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A record's headers as JSON that holds any bytes: {@code [{"name": …, "value": base64 or null}]}, in their order. */
final class HeadersJson {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private HeadersJson() {}

  static String of(List<RecordHeader> headers) {
    ArrayNode array = JSON.createArrayNode();
    for (RecordHeader header : headers) {
      byte[] value = header.value();
      ObjectNode member = array.addObject().put("name", header.name());
      member.put("value", value == null ? null : Base64.getEncoder().encodeToString(value));
    }
    return array.toString();
  }

  static List<RecordHeader> read(String json) {
    List<RecordHeader> headers = new ArrayList<>();
    for (JsonNode header : JSON.readTree(json)) {
      JsonNode value = header.get("value");
      headers.add(new RecordHeader(header.get("name").asString(),
          value.isNull() ? null : Base64.getDecoder().decode(value.asString())));
    }
    return headers;
  }
}
