package com.elephantasm.events.schema;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The grammar of RFC 3986, appendix A. That of java.net.URI is the older RFC 2396, with letters of all scripts added. */
final class UriReferences {
  private static final Pattern ESCAPED = Pattern.compile("%[0-9A-Fa-f]{2}");
  private static final String REGISTERED_NAME = "-A-Za-z0-9._~!$&'()*+,;=";

  /** Of a text whose percent-encoded bytes have become letters, so that no group need repeat. */
  private static final Pattern FORM = Pattern.compile("""
      (?: (?<scheme> [A-Za-z][A-Za-z0-9+.-]* ) : | (?! [^/?\\#]* : ) )       # no colon before the first slash but a scheme's
      (?: // (?: [name:]* @ )?
          (?: \\[ (?: [0-9A-Fa-f:.]+ | [Vv] [0-9A-Fa-f]+ \\. [name:]+ ) \\] | [name]* )
          (?: : [0-9]* )? (?= [/?\\#] | \\z )
        | (?! // ) )
      [name:@/]*
      (?: \\? [name:@/?]* )?
      (?: \\# [name:@/?]* )?
      """.replace("name", REGISTERED_NAME), Pattern.COMMENTS);

  private UriReferences() {}

  /** Whether it is a reference: absolute, or relative to what only its sender knows. */
  static boolean isReference(String text) {
    return matched(text).matches();
  }

  /** Whether it begins with a scheme. A fragment, which the "absolute URI" of section 4.3 has not, may follow: schemas use it. */
  static boolean isUri(String text) {
    Matcher matcher = matched(text);
    return matcher.matches() && matcher.group("scheme") != null;
  }

  private static Matcher matched(String text) {
    return FORM.matcher(ESCAPED.matcher(text).replaceAll("x"));
  }
}
