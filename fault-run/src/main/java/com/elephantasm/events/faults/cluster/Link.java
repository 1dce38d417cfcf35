package com.elephantasm.events.faults.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The network in front of one server: connections to its port go on to the server's, until they are held (nothing arrives, nothing
 * is closed) or cut (all are closed, and new ones too).
 */
public final class Link implements AutoCloseable {
  private static final int CHUNK = 64 * 1024;

  private final String name;
  private final int target;
  private final ServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition released = lock.newCondition();
  private volatile boolean held;
  private volatile boolean cut;

  Link(String name, int port, int target) {
    this.name = name;
    this.target = target;
    try {
      this.server = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("link-" + name).start(this::accept);
  }

  public String name() {
    return name;
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Nothing passes any more, in neither direction, and nobody is told. */
  public void hold() {
    setHeld(true);
  }

  /** What was held goes on as if it had only been slow. */
  public void release() {
    setHeld(false);
  }

  private void setHeld(boolean hold) {
    held = hold;
    wakeHeld();
  }

  private void wakeHeld() {
    lock.lock();
    try {
      released.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Ends every connection in the middle of whatever it says; what was held never arrives. */
  public void cut() {
    cut = true;
    wakeHeld();
    open.forEach(Link::close);
  }

  public void mend() {
    cut = false;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().name("link-" + name).start(() -> connect(client));
      } catch (IOException _) {
        // Closed, or the client left before it was accepted.
      }
    }
  }

  private void connect(Socket client) {
    Socket onward = new Socket();
    open.add(client);
    open.add(onward);
    try {
      passable();
      onward.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
      client.setTcpNoDelay(true);
      onward.setTcpNoDelay(true);
      passable();
      Thread back = Thread.ofVirtual().name("link-" + name).start(() -> copy(onward, client));
      copy(client, onward);
      back.join();
    } catch (IOException _) {
      // The client sees a closed connection.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      close(client);
      close(onward);
      open.remove(client);
      open.remove(onward);
    }
  }

  private void copy(Socket from, Socket to) {
    byte[] chunk = new byte[CHUNK];
    try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
      for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
        passable();
        out.write(chunk, 0, length);
      }
    } catch (IOException _) {
      // Either end is gone: closing the streams tells the other.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits while the link is held; one that is cut lets nothing pass, not even what was held until then. */
  private void passable() throws IOException, InterruptedException {
    lock.lock();
    try {
      while (held && !cut) {
        released.await();
      }
    } finally {
      lock.unlock();
    }
    if (cut) {
      throw new IOException(name + " is cut");
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // It is gone in any case.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException _) {
      // Nobody connects any more in any case.
    }
    cut();
    release();
  }
}
