package com.elephantasm.events.http.limit;

import com.elephantasm.events.http.Problem;
import com.elephantasm.events.http.ProblemType;
import com.elephantasm.events.http.Rejections;
import com.elephantasm.events.http.access.Caller;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.springframework.http.HttpHeaders;

/**
 * Answers callers who send too much with 429. Tells every caller where it stands, in the fields of
 * draft-ietf-httpapi-ratelimit-headers: {@code r} is what is left, and {@code t} the seconds until there is more where nothing is
 * left, else until all of it is back.
 */
final class RateLimitFilter implements Filter {
  static final String LIMITED = "/api/v1/*";

  /** What is remembered costs some hundred bytes each. Who is forgotten starts with a full bucket. */
  private static final int MOST_CALLERS = 100_000;
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final LoadingCache<Object, Bucket> buckets;
  private final String policy;
  private final Rejections rejections;

  /** Not to be taken for the name of a caller. */
  private record Address(String text) {}

  RateLimitFilter(RateLimit limit, Rejections rejections) {
    buckets = Caffeine.newBuilder().maximumSize(MOST_CALLERS).build(_ -> limit.newBucket());
    policy = limit.policy();
    this.rejections = rejections;
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletResponse answer = (HttpServletResponse) response;
    ConsumptionProbe probe = buckets.get(sender((HttpServletRequest) request)).tryConsumeAndReturnRemaining(1);
    long seconds = seconds(probe.isConsumed() ? probe.getNanosToWaitForReset() : probe.getNanosToWaitForRefill());
    answer.setHeader("RateLimit-Policy", policy);
    answer.setHeader("RateLimit", "\"default\";r=%d;t=%d".formatted(probe.getRemainingTokens(), seconds));
    if (probe.isConsumed()) {
      chain.doFilter(request, response);
    } else {
      Problem problem = Problem
          .of(ProblemType.RATE_LIMITED, "the caller sends more requests than it may; wait %d s".formatted(seconds))
          .withHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds));
      rejections.ofRequest(problem);
      problem.write(answer);
    }
  }

  /** Where nobody has a name, the address is the best there is. */
  private static Object sender(HttpServletRequest request) {
    Caller caller = Caller.of(request);
    return caller == Caller.ANYONE ? new Address(request.getRemoteAddr()) : caller.name();
  }

  private static long seconds(long nanos) {
    return Math.ceilDiv(nanos, SECOND);
  }
}
