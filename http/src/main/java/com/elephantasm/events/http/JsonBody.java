package com.elephantasm.events.http;

import com.elephantasm.events.schema.Decoded;
import com.elephantasm.events.schema.UnknownFields;
import com.elephantasm.events.schema.Violation;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * The body of a request that came as {@code application/json}, or as what {@link ContentType} says, within the bound of
 * {@link HttpSettings#maxBodySize}; it may have been compressed. A controller's method takes it as a parameter; a request
 * without such a body does not get there.
 */
public record JsonBody(byte[] bytes) {
  /**
   * What the body says, in the strict form: fields that the contract does not name are errors.
   *
   * @throws ProblemException 400 where it is not JSON, 422 where it breaks the contract
   */
  public <T> T read(BiFunction<byte[], UnknownFields, Decoded<T>> decoder) {
    return read(decoder, List.of());
  }

  /**
   * The same where other parts of the request belong to what is read, so that all that is wrong is said at once.
   *
   * @param elsewhere what is wrong with those
   */
  public <T> T read(BiFunction<byte[], UnknownFields, Decoded<T>> decoder, List<InvalidInput> elsewhere) {
    return switch (decoder.apply(bytes, UnknownFields.REJECT)) {
      case Decoded.Valid<T>(T value) when elsewhere.isEmpty() -> value;
      case Decoded.Valid<T> _ -> throw Problem.invalid(elsewhere).asException();
      case Decoded.Invalid<T>(List<Violation> violations) -> throw Problem
          .invalid(Stream.concat(elsewhere.stream(), violations.stream().map(InvalidInput::body)).toList())
          .asException();
      case Decoded.Malformed<T>(String detail) -> throw malformed(detail);
    };
  }

  /** 400 for what is not JSON. */
  public static ProblemException malformed(String detail) {
    return Problem.of(ProblemType.MALFORMED_JSON, detail)
        .withErrors(List.of(new InvalidInput("body", "", detail))).asException();
  }
}
