package com.elephantasm.events.faults.nemesis;

import com.elephantasm.events.faults.cluster.Broker;
import com.elephantasm.events.faults.cluster.Cluster;
import com.elephantasm.events.faults.cluster.Disk;
import com.elephantasm.events.faults.cluster.Link;
import com.elephantasm.events.faults.cluster.Node;
import com.elephantasm.events.faults.cluster.PostgresNode;
import com.elephantasm.events.faults.cluster.Service;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Does the harm of a schedule to a cluster, and mends it. Two faults may overlap, but none befalls what another still has in its
 * hands: then it waits.
 */
public final class Nemesis {
  private static final int AT_ONCE = 2;
  /** Above what the services promise. */
  private static final Duration LONGEST_STOP = Duration.ofSeconds(60);
  private static final Duration LONGEST_RECOVERY = Duration.ofMinutes(3);
  /** As long as a batch needs to be read and to wait for its database. */
  private static final Duration UNTIL_A_BATCH_WAITS = Duration.ofMillis(1500);
  private static final Duration WHILE_FOLLOWERS_ARE_FROZEN = Duration.ofMillis(1500);

  private final Cluster cluster;
  private final Consumer<String> history;
  private final Leaders leaders;
  private final Semaphore atOnce = new Semaphore(AT_ONCE);
  private final Map<String, ReentrantLock> held = new ConcurrentHashMap<>();
  private final List<String> complaints = new CopyOnWriteArrayList<>();
  private final Set<FaultKind> kinds = ConcurrentHashMap.newKeySet();
  private final AtomicInteger done = new AtomicInteger();

  /** @param history is told what happens, line by line */
  public Nemesis(Cluster cluster, Consumer<String> history) {
    this.cluster = cluster;
    this.history = history;
    this.leaders = new Leaders(cluster.bootstrapServers());
  }

  /** Those that can be inflicted on this cluster without harm to others. */
  public static Set<FaultKind> possible(Cluster cluster) {
    Set<FaultKind> possible = EnumSet.allOf(FaultKind.class);
    if (!cluster.disksCanBeFilled()) {
      possible.removeIf(FaultKind::fillsDisk);
    }
    return possible;
  }

  /** How many faults there were. */
  public int faults() {
    return done.get();
  }

  public int kinds() {
    return kinds.size();
  }

  /** What a process did that none may do, whatever befalls others: end by itself, not stop when told, not recover. */
  public List<String> complaints() {
    return List.copyOf(complaints);
  }

  /** Returns when everything is mended and ready again. */
  public void run(Schedule schedule) throws InterruptedException {
    Instant start = Instant.now();
    try (ExecutorService faults = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Fault fault : schedule.faults()) {
        sleepUntil(start.plus(fault.at()));
        atOnce.acquire();
        faults.execute(() -> {
          try {
            befall(fault);
          } finally {
            atOnce.release();
          }
        });
      }
    }
    cluster.nodes().forEach(node -> awaitReady(node, "at the end"));
    leaders.close();
  }

  private static void sleepUntil(Instant time) throws InterruptedException {
    Duration left = Duration.between(Instant.now(), time);
    if (left.isPositive()) {
      TimeUnit.MILLISECONDS.sleep(left.toMillis());
    }
  }

  private void befall(Fault fault) {
    ReentrantLock lock = held.computeIfAbsent(lockOf(fault), _ -> new ReentrantLock());
    lock.lock();
    try {
      history.accept("FAULT " + fault);
      Instant start = Instant.now();
      inflict(fault);
      history.accept("mended %d after %.1f s".formatted(fault.number(),
          Duration.between(start, Instant.now()).toMillis() / 1000.0));
      kinds.add(fault.kind());
      done.incrementAndGet();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      complaints.add("fault %d could not be inflicted or mended: %s".formatted(fault.number(), e));
    } finally {
      lock.unlock();
    }
  }

  /** Brokers one at a time: with two of three away nothing can be acknowledged, which tests little. */
  private static String lockOf(Fault fault) {
    return fault.kind().subject == FaultKind.Subject.BROKER ? "brokers" : fault.target();
  }

  private void inflict(Fault fault) throws InterruptedException {
    Duration lasting = fault.lasting();
    switch (fault.kind()) {
      case KILL_BROKER -> kill(broker(fault).node(), lasting);
      case STOP_BROKER -> stop(broker(fault).node(), lasting);
      case FREEZE_BROKER -> freeze(broker(fault).node(), lasting);
      case HOLD_KAFKA -> hold(broker(fault).clients(), lasting);
      case CUT_KAFKA -> cut(broker(fault).clients(), lasting);
      case HOLD_REPLICATION -> hold(broker(fault).replication(), lasting);
      case MOVE_LEADERS -> moveLeaders(fault.subject());
      case KILL_LEADER_AHEAD -> killLeaderAhead(fault.subject(), lasting);
      case FILL_BROKER_DISK -> fillDisk(broker(fault).node(), lasting);
      case KILL_INGEST -> kill(ingest(fault).node(), lasting);
      case STOP_INGEST -> stop(ingest(fault).node(), lasting);
      case FREEZE_INGEST -> freeze(ingest(fault).node(), lasting);
      case CUT_INGEST -> cut(ingest(fault).callers(), lasting);
      case KILL_WRITER -> kill(writer(fault).node(), lasting);
      case STOP_WRITER -> stop(writer(fault).node(), lasting);
      case FREEZE_WRITER -> freeze(writer(fault).node(), lasting);
      case KILL_WRITER_WITH_BATCH -> killWithBatch(fault.subject(), lasting);
      case HOLD_DATABASE -> hold(databaseLink(fault.subject()), lasting);
      case CUT_DATABASE -> cut(databaseLink(fault.subject()), lasting);
      case CUT_WRITER -> cut(writer(fault).callers(), lasting);
      case STOP_DATABASE -> stop(cluster.database(), lasting);
      case KILL_DATABASE -> kill(cluster.database(), lasting);
      case KILL_BACKEND -> killBackend();
      case FREEZE_DATABASE -> freeze(cluster.database(), lasting);
      case TERMINATE_CONNECTIONS -> cluster.database().terminateConnections();
      case LOCK_EVENTS -> cluster.database().lockEvents(lasting);
      case FILL_DATABASE_DISK -> fillDisk(cluster.database(), lasting);
    }
  }

  private Broker broker(Fault fault) {
    return cluster.brokers().get(fault.subject() - 1);
  }

  private Service ingest(Fault fault) {
    return cluster.ingest().get(fault.subject() - 1);
  }

  private Service writer(Fault fault) {
    return cluster.writers().get(fault.subject() - 1);
  }

  private Link databaseLink(int writer) {
    return cluster.databaseLinks().get(writer - 1);
  }

  private void kill(Node node, Duration lasting) throws InterruptedException {
    requireRunning(node);
    node.kill();
    sleep(lasting);
    startAgain(node);
  }

  private void stop(Node node, Duration lasting) throws InterruptedException {
    requireRunning(node);
    Node.Stopped stopped = node.stop(LONGEST_STOP);
    history.accept("%s %s".formatted(node.name(), stopped));
    if (isService(node) && !stopped.inTime()) {
      complaints.add("%s did not stop within %s".formatted(node.name(), LONGEST_STOP));
    }
    sleep(lasting);
    startAgain(node);
  }

  private void freeze(Node node, Duration lasting) throws InterruptedException {
    requireRunning(node);
    node.freeze();
    try {
      sleep(lasting);
    } finally {
      node.thaw();
    }
    awaitReady(node, "after it was frozen");
  }

  private static void hold(Link link, Duration lasting) throws InterruptedException {
    link.hold();
    try {
      sleep(lasting);
    } finally {
      link.release();
    }
  }

  private static void cut(Link link, Duration lasting) throws InterruptedException {
    link.cut();
    try {
      sleep(lasting);
    } finally {
      link.mend();
    }
  }

  private void moveLeaders(int broker) {
    if (!leaders.moveTo(broker)) {
      history.accept("not every partition has broker-%d as its leader".formatted(broker));
    }
  }

  private void killLeaderAhead(int leader, Duration lasting) throws InterruptedException {
    moveLeaders(leader);
    List<Broker> followers = cluster.brokers().stream().filter(broker -> broker.id() != leader).toList();
    followers.forEach(follower -> follower.node().freeze());
    try {
      sleep(WHILE_FOLLOWERS_ARE_FROZEN);
      cluster.brokers().get(leader - 1).node().kill();
    } finally {
      followers.forEach(follower -> follower.node().thaw());
    }
    sleep(lasting);
    startAgain(cluster.brokers().get(leader - 1).node());
  }

  private void killWithBatch(int writer, Duration lasting) throws InterruptedException {
    Node node = cluster.writers().get(writer - 1).node();
    requireRunning(node);
    databaseLink(writer).hold();
    try {
      sleep(UNTIL_A_BATCH_WAITS);
      node.kill();
    } finally {
      databaseLink(writer).release();
    }
    sleep(lasting);
    startAgain(node);
  }

  private void killBackend() {
    PostgresNode database = cluster.database();
    database.killBackend();
    awaitReady(database, "after one of its processes was killed");
  }

  /** What runs out of disk may end; it is started again when there is room. */
  private void fillDisk(Node node, Duration lasting) throws InterruptedException {
    Disk disk = cluster.diskOf(node.name());
    disk.fill();
    try {
      sleep(lasting);
    } finally {
      disk.free();
    }
    sleep(Duration.ofSeconds(1));
    if (!node.isReady()) {
      history.accept(node.name() + " did not live through it");
      node.kill();
      startAgain(node);
    }
  }

  private static void sleep(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  private void requireRunning(Node node) {
    if (!node.isRunning()) {
      if (isService(node)) {
        complaints.add(node.name() + " has ended by itself; see its log");
      }
      startAgain(node);
    }
  }

  private boolean isService(Node node) {
    return node.name().startsWith("ingest") || node.name().startsWith("writer");
  }

  private void startAgain(Node node) {
    node.start();
    awaitReady(node, "after it was started again");
  }

  private void awaitReady(Node node, String when) {
    Instant until = Instant.now().plus(LONGEST_RECOVERY);
    while (!node.isReady()) {
      if (!node.isRunning()) {
        if (isService(node)) {
          complaints.add("%s has ended by itself %s; see its log".formatted(node.name(), when));
        }
        node.start();
      }
      if (Instant.now().isAfter(until)) {
        complaints.add("%s is not ready %s within %s".formatted(node.name(), when, LONGEST_RECOVERY));
        return;
      }
      try {
        sleep(Duration.ofMillis(200));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
