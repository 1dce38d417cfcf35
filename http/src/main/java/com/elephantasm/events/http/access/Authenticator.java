package com.elephantasm.events.http.access;

import jakarta.servlet.http.HttpServletRequest;

/** Finds out who sent a request, as {@code elephantasm.access.mode} has it. */
interface Authenticator {
  Authentication authenticate(HttpServletRequest request);

  /** What to send, as a sentence for clients that have sent nothing. */
  String expectation();
}
