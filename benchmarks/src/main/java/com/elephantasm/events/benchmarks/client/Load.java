package com.elephantasm.events.benchmarks.client;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Puts load on a server; the process that calls this is none of those that are measured. */
public final class Load {
  private Load() {}

  /**
   * Sends each of the requests over one of so many connections, which each wait for an answer before they send the next.
   *
   * @throws IOException where a connection breaks
   */
  public static LoadResult closedLoop(URI server, int connections, List<byte[]> requests) throws IOException {
    return ClosedLoop.run(address(server), connections, requests.size(), requests::get);
  }

  /**
   * Uploads lines over as many connections as there are parts, all at once.
   *
   * @param to where to post each
   * @param headers beside Host and Transfer-Encoding
   * @param parts the lines of each upload, without their ends
   */
  public static UploadResult upload(URI to, List<String> headers, List<List<byte[]>> parts)
      throws IOException, InterruptedException {
    Upload upload = new Upload(address(to), to, headers);
    List<FutureTask<String>> uploads = new ArrayList<>();
    long start = System.nanoTime();
    for (List<byte[]> part : parts) {
      FutureTask<String> task = new FutureTask<>(() -> upload.run(part));
      uploads.add(task);
      Thread.ofPlatform().name("upload").start(task);
    }
    List<String> summaries = new ArrayList<>();
    for (FutureTask<String> each : uploads) {
      try {
        summaries.add(each.get());
      } catch (ExecutionException e) {
        throw new IOException(e.getCause());
      }
    }
    return new UploadResult(summaries, (System.nanoTime() - start) / 1e9);
  }

  private static InetSocketAddress address(URI server) {
    return new InetSocketAddress(server.getHost(), server.getPort());
  }
}
