package com.elephantasm.events.writer.replay;

import com.elephantasm.events.schema.Violation;
import java.util.List;
import java.util.stream.Collectors;

/** What is asked for cannot be done, whoever tries: the violations say why, by the members of the request. */
public final class ImpossibleReplayException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Violation> violations;

  public ImpossibleReplayException(List<Violation> violations) {
    super(violations.stream().map(each -> each.pointer().replaceFirst("^/", "") + " " + each.message())
        .collect(Collectors.joining("; ")));
    this.violations = List.copyOf(violations);
  }

  public List<Violation> violations() {
    return violations;
  }
}
