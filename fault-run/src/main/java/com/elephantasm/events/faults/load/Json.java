package com.elephantasm.events.faults.load;

import tools.jackson.databind.json.JsonMapper;

/** JSON, as plain as it gets. */
final class Json {
  static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}
}
