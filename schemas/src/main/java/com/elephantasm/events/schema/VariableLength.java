package com.elephantasm.events.schema;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/** Whole numbers from 0 on, seven bits a byte, the lowest first, the eighth bit set where more follow (as LEB128 has it). */
public final class VariableLength {
  private VariableLength() {}

  public static void write(ByteArrayOutputStream target, long value) {
    long rest = value;
    while (rest > 0x7F) {
      target.write((int) (rest & 0x7F | 0x80));
      rest >>>= 7;
    }
    target.write((int) rest);
  }

  /**
   * @throws BufferUnderflowException where the bytes end before the number does
   * @throws IllegalArgumentException where the number has more than 63 bits
   */
  public static long read(ByteBuffer source) {
    long value = 0;
    for (int shift = 0; shift < 63; shift += 7) {
      byte next = source.get();
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IllegalArgumentException("a number of more than 63 bits");
  }
}
