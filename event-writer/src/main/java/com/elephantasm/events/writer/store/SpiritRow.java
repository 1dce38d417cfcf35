package com.elephantasm.events.writer.store;

import com.elephantasm.events.schema.Spirit;

/** A spirit with the records that made it what it is. */
record SpiritRow(Spirit spirit, Position created, Position changed) {
  Version version() {
    return new Version(changed, spirit.updatedAt());
  }
}
