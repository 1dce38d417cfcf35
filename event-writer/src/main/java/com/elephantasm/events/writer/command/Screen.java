package com.elephantasm.events.writer.command;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows progress to people: a block that is drawn over itself on a terminal, else a line now and then, or nothing. */
final class Screen {
  private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
  private static final int USUAL_WIDTH = 80;

  private final Kind kind;
  private final PrintWriter out;
  private final int width;
  private int drawn;
  private long lastLine = System.nanoTime() - BETWEEN_LINES.toNanos();
  private String lastText = "";

  enum Kind {
    BLOCK, LINES, SILENT
  }

  Screen(Kind kind, PrintWriter out, int width) {
    this.kind = kind;
    this.out = out;
    this.width = width;
  }

  /** What the standard error of this process can show. */
  static Kind kind(boolean quiet, boolean terminal, @Nullable String term, @Nullable String noColor) {
    if (quiet) {
      return Kind.SILENT;
    }
    boolean canDraw = terminal && !"dumb".equals(term) && (noColor == null || noColor.isEmpty());
    return canDraw ? Kind.BLOCK : Kind.LINES;
  }

  static int width(@Nullable String columns) {
    return columns != null && columns.matches("[0-9]{2,4}") ? Integer.parseInt(columns) : USUAL_WIDTH;
  }

  void show(ProgressLines.Progress progress) {
    switch (kind) {
      case BLOCK -> draw(ProgressLines.block(progress, width));
      case LINES -> {
        String text = ProgressLines.line(progress);
        if (System.nanoTime() - lastLine >= BETWEEN_LINES.toNanos() && !text.equals(lastText)) {
          lastLine = System.nanoTime();
          lastText = text;
          out.println(text);
          out.flush();
        }
      }
      case SILENT -> {
      }
    }
  }

  /** The last, which everybody sees who wants to see any. */
  void showLast(ProgressLines.Progress progress) {
    if (kind == Kind.LINES) {
      lastLine -= BETWEEN_LINES.toNanos();
    }
    show(progress);
    drawn = 0;
  }

  private void draw(List<String> lines) {
    StringBuilder text = new StringBuilder();
    if (drawn > 0) {
      text.append("\u001b[").append(drawn).append('A');
    }
    // Each line is cleared to its end; below the last there may be lines of before.
    lines.forEach(line -> text.append('\r').append(line).append("\u001b[K\n"));
    text.append("\u001b[J");
    out.print(text);
    out.flush();
    drawn = lines.size();
  }
}
