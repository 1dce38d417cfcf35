package com.elephantasm.events.schema;

/**
 * The headers of our records: those of the Kafka protocol binding for CloudEvents 1.0 in binary mode (its section 3.2), and
 * two by which a producer asks for the outcome, one that says that a dead letter was redriven, and those of a trace.
 */
public final class HeaderNames {
  public static final String CONTENT_TYPE = "content-type";
  public static final String SPEC_VERSION = "ce_specversion";
  public static final String ID = "ce_id";
  public static final String SOURCE = "ce_source";
  public static final String TYPE = "ce_type";
  public static final String TIME = "ce_time";
  public static final String SUBJECT = "ce_subject";
  public static final String DATA_SCHEMA = "ce_dataschema";

  /** What an extension attribute's name follows. */
  static final String ATTRIBUTE_PREFIX = "ce_";

  /** Names the instance that waits for the outcome. */
  public static final String REPLY_TO = "elephantasm_reply_to";

  /** Comes back with the outcome, so that the instance knows which of its requests it answers. */
  public static final String REQUEST_ID = "elephantasm_request_id";

  /** Says that the record is one that was rejected before: a {@link Redrive}. */
  public static final String REDRIVE = "elephantasm_redrive";

  /** Of W3C's Trace Context: the span that published the record. It says nothing about the change. */
  public static final String TRACE_PARENT = "traceparent";
  public static final String TRACE_STATE = "tracestate";

  private HeaderNames() {}
}
