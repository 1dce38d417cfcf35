package com.elephantasm.events.faults.check;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Tells in which components two records differ. */
final class Differences {
  private static final int LONGEST = 200;

  private Differences() {}

  /** One for each component, such as {@code role is x, must be y}; empty where there is none. */
  static List<String> between(Record is, Record mustBe) {
    if (is.equals(mustBe)) {
      return List.of();
    }
    List<String> differences = new ArrayList<>();
    for (RecordComponent component : is.getClass().getRecordComponents()) {
      Object here = value(component, is);
      Object there = value(component, mustBe);
      if (!Objects.equals(here, there)) {
        differences.add("%s is %s, must be %s".formatted(component.getName(), shown(here), shown(there)));
      }
    }
    return differences;
  }

  private static Object value(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String shown(Object value) {
    String text = String.valueOf(value);
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }
}
