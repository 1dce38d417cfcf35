package com.elephantasm.events.writer.store;

import org.springframework.dao.NonTransientDataAccessException;

/** The database lets the role of the service in, but not do its work; the message says what it lacks. Nothing was changed. */
public final class MissingPrivilegeException extends NonTransientDataAccessException {
  private static final long serialVersionUID = 1;

  MissingPrivilegeException(String message) {
    super(message);
  }
}
