package com.elephantasm.events.benchmarks.load;

import com.elephantasm.events.schema.Change;
import com.elephantasm.events.schema.ChangeCodec;
import com.elephantasm.events.schema.DedupeKey;
import com.elephantasm.events.schema.Identity;
import com.elephantasm.events.schema.Metadata;
import com.elephantasm.events.schema.NewEvent;
import com.elephantasm.events.schema.NewSpirit;
import com.elephantasm.events.schema.RecordToSend;
import com.elephantasm.events.schema.SpiritId;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Events as agents make them, about 500 bytes of JSON each, by their numbers: the same seed and number give the same event, in
 * whatever order and by however many threads they are asked for. What happened earlier has a lower number; numbers may be below 0.
 *
 * <ul>
 * <li>The activity of the spirits is Zipf-like: of 10,000 the most active one has 4 % of all events.
 * <li>A session has about 30 events of one spirit.
 * <li>Three in four are named by a dedupe key, one in ten by a source URI, the others by the CloudEvent that they come as.
 * </ul>
 */
public final class Events {
  private static final String SOURCE = "/elephantasm/ingest";
  private static final double EXPONENT = 0.8;
  private static final int EVENTS_PER_SPIRIT = 100;
  private static final int MOST_SPIRITS = 10_000;
  private static final int SESSION_LENGTH = 30;
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
  private static final long MICROSECONDS_APART = 40_000;
  public static final int SHORTEST = 60;
  private static final int LONGEST = 100_000;
  /** Makes about 500 bytes of JSON. */
  public static final int CONTENT = 150;

  private static final String[] WORDS = ("the user asked to remember that her meeting moved from Tuesday to Thursday and "
      + "wants a summary of every open task before noon because the café in Zürich closes early 🐘 please check flights "
      + "weather calendar invoice deployment failed retry with backoff then report what changed \"exactly\" as written "
      + "search results for quarterly revenue by region including footnotes").split(" ");
  private static final String[] TOOLS = {"search", "calendar.list", "mail.send", "sql.query", "browser.open"};
  private static final String[] CHANNELS = {"slack", "web", "mail", "voice"};
  private static final String[] MODELS = {"small-2", "large-4", "large-4-thinking"};

  private final long seed;
  private final int content;
  private final SpiritId[] spirits;
  private final Zipf activity;

  /** As many spirits as suit so many events. */
  public static Events forAbout(int events, long seed) {
    return forAbout(events, seed, CONTENT);
  }

  /** @param content characters of each event's content on average, at least 60 */
  public static Events forAbout(int events, long seed, int content) {
    return new Events(seed, Math.clamp(events / EVENTS_PER_SPIRIT, 10, MOST_SPIRITS), content);
  }

  public Events(long seed, int spirits) {
    this(seed, spirits, CONTENT);
  }

  private Events(long seed, int spirits, int content) {
    this.seed = seed;
    this.content = content;
    this.activity = new Zipf(spirits, EXPONENT);
    RandomGenerator random = new SplittableRandom(seed);
    this.spirits = new SpiritId[spirits];
    for (int i = 0; i < spirits; i++) {
      this.spirits[i] = new SpiritId(uuid(random));
    }
  }

  private static UUID uuid(RandomGenerator random) {
    return new UUID(random.nextLong() & ~0xF000L | 0x4000L, random.nextLong() >>> 2 | 0x8000_0000_0000_0000L);
  }

  /** All spirits, the most active one first. */
  public List<SpiritId> spirits() {
    return List.of(spirits);
  }

  /** The records that create the spirits; they come before those of the events. */
  public List<RecordToSend> spiritRecords() {
    return IntStream.range(0, spirits.length).mapToObj(rank -> {
      NewSpirit spirit = new NewSpirit("spirit " + rank, null, Metadata.EMPTY);
      return ChangeCodec.encode(new Change.SpiritCreated(spirits[rank], spirit), SOURCE, FIRST, null);
    }).toList();
  }

  /** As the ingest-api publishes it: a CloudEvent in binary mode. Its value is also what a client posts. */
  public RecordToSend record(long number) {
    return ChangeCodec.encode(change(number), SOURCE, FIRST, null);
  }

  public Change.EventCreated change(long number) {
    RandomGenerator random = random(number);
    return change(event(number, random), random);
  }

  private static Change.EventCreated change(NewEvent event, RandomGenerator random) {
    return Change.EventCreated.of(event, FIRST, new Identity.CloudEvent(SOURCE, uuid(random).toString()));
  }

  public NewEvent event(long number) {
    return event(number, random(number));
  }

  /** Numbers next to each other must not give streams that are alike. */
  private RandomGenerator random(long number) {
    return new SplittableRandom(new SplittableRandom(seed ^ number * 0x9E37_79B9_7F4A_7C15L).nextLong());
  }

  private NewEvent event(long number, RandomGenerator random) {
    int rank = activity.rank(random);
    String key = HexFormat.of().toHexDigits(random.nextLong()) + HexFormat.of().toHexDigits(number, 8);
    Naming naming = Naming.any(random);
    String uri = naming == Naming.SOURCE_URI ? "https://threads.example.com/t/" + key : null;
    Instant time = FIRST.plus(number * MICROSECONDS_APART + random.nextInt((int) MICROSECONDS_APART),
        ChronoUnit.MICROS);
    Double importance = random.nextInt(3) == 0 ? random.nextInt(101) / 100.0 : null;
    Kind kind = Kind.any(random);
    DedupeKey dedupeKey = naming == Naming.DEDUPE_KEY ? new DedupeKey(kind.keyPrefix + key) : null;
    return new NewEvent(spirits[rank], kind.type, text(length(random), random),
        random.nextInt(10) == 0 ? text(SHORTEST, random) : null, kind.role, author(kind, rank, random), time,
        session(number, rank), kind.metadata(random), uri, dedupeKey, importance);
  }

  private enum Naming {
    DEDUPE_KEY, SOURCE_URI, CLOUD_EVENT;

    static Naming any(RandomGenerator random) {
      int percent = random.nextInt(100);
      return percent < 75 ? DEDUPE_KEY : percent < 85 ? SOURCE_URI : CLOUD_EVENT;
    }
  }

  private enum Kind {
    MESSAGE_IN("message.in", "user", "msg_"), MESSAGE_OUT("message.out", "assistant", "msg_"), TOOL_CALL("tool.call",
        "assistant", "call_"), TOOL_RESULT("tool.result", "tool", "result_"), SYSTEM("system", "system", "notice_");

    private final String type;
    private final String role;
    private final String keyPrefix;

    Kind(String type, String role, String keyPrefix) {
      this.type = type;
      this.role = role;
      this.keyPrefix = keyPrefix;
    }

    static Kind any(RandomGenerator random) {
      int percent = random.nextInt(100);
      return percent < 30
          ? MESSAGE_IN
          : percent < 60 ? MESSAGE_OUT : percent < 78 ? TOOL_CALL : percent < 96 ? TOOL_RESULT : SYSTEM;
    }

    private Metadata metadata(RandomGenerator random) {
      return new Metadata(switch (this) {
        case MESSAGE_IN ->
          "{\"channel\":\"%s\",\"language\":\"en\",\"attachments\":%d}".formatted(any(CHANNELS, random),
              random.nextInt(3));
        case MESSAGE_OUT -> "{\"model\":\"%s\",\"tokens\":{\"in\":%d,\"out\":%d},\"temperature\":0.7}"
            .formatted(any(MODELS, random), random.nextInt(8_000), random.nextInt(1_000));
        case TOOL_CALL -> "{\"tool\":\"%s\",\"attempt\":%d}".formatted(any(TOOLS, random), 1 + random.nextInt(3));
        case TOOL_RESULT -> "{\"tool\":\"%s\",\"ok\":%b,\"milliseconds\":%d}".formatted(any(TOOLS, random),
            random.nextInt(20) > 0, random.nextInt(5_000));
        case SYSTEM -> "{}";
      });
    }

    private static String any(String[] choice, RandomGenerator random) {
      return choice[random.nextInt(choice.length)];
    }
  }

  private static String author(Kind kind, int rank, RandomGenerator random) {
    return kind == Kind.MESSAGE_IN ? "user-%d-%d".formatted(rank, random.nextInt(5)) : "agent-" + rank;
  }

  /** Who is twice as active has sessions half as long in time. */
  private String session(long number, int rank) {
    long numbers = Math.max(1, Math.round(SESSION_LENGTH / activity.share(rank)));
    return "session-%d-%08x".formatted(rank, Math.floorDiv(number, numbers));
  }

  private int length(RandomGenerator random) {
    return SHORTEST + (int) Math.min(LONGEST, random.nextExponential() * (content - SHORTEST));
  }

  private static String text(int length, RandomGenerator random) {
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return text.append('.').toString();
  }
}
