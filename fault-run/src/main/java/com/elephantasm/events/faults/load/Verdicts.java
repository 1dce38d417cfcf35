package com.elephantasm.events.faults.load;

/** Holds answers that are final against what they should be. */
record Verdicts(String client, History history) {
  /** Nothing is wrong with the event, and its spirit is there. */
  void expectTaken(SentEvent event, Answer answer) {
    if (answer instanceof Answer.Refused(String reason, boolean forGood, var _) && forGood) {
      history.contradicted(client, Anomaly.Kind.WRONG_ANSWER,
          "event %s was refused for good: %s".formatted(event.marker(), reason));
    }
  }

  /** Another event has its key, or its spirit is not there, or it is invalid. */
  void expectNotStored(SentEvent event, Answer answer) {
    if (answer instanceof Answer.Acknowledged acknowledged && acknowledged.promise() != Answer.Promise.ACCEPTED) {
      history.contradicted(client, Anomaly.Kind.WRONG_ANSWER,
          "event %s, which must not be stored (%s), was answered with %s".formatted(event.marker(), event.expectation(),
              answer));
    }
  }
}
