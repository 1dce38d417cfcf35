package com.elephantasm.events.http.access;

/** What a request says of who sent it. */
sealed interface Authentication {
  record Known(Caller caller) implements Authentication {}

  /** Nothing at all. */
  record Missing() implements Authentication {}

  /** @param reason the key or token is not taken, as a sentence for the client */
  record Invalid(String reason) implements Authentication {}

  /** Nobody can say at the moment. */
  record Unavailable() implements Authentication {}
}
