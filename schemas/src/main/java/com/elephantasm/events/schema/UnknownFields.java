package com.elephantasm.events.schema;

/** What to make of a member that the contract does not name. */
public enum UnknownFields {
  /** On the topic: a newer producer must not break an older reader. */
  IGNORE,
  /** At the HTTP boundary: a misspelt name is an error, not silence. */
  REJECT
}
