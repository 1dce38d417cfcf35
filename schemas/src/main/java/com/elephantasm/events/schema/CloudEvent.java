package com.elephantasm.events.schema;

/**
 * A CloudEvent (1.0.2) with data that we know.
 *
 * @param data what the value of a record in the log would say
 */
public record CloudEvent<T>(CloudEventContext context, T data) {
  /**
   * Reads a new event from the JSON event format in UTF-8 and reports everything that is wrong with it, never by an exception.
   *
   * @param unknownFields what to make of members of the data that the contract does not name, and of names in the envelope
   *        that no attribute can have
   */
  public static Decoded<CloudEvent<NewEvent>> newEventFromJson(byte[] json, UnknownFields unknownFields) {
    return CloudEventDecoder.decode(json, unknownFields, ChangeCodec.EVENT_CREATED, new NewEventDecoder());
  }
}
