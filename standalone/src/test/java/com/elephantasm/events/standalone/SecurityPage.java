package com.elephantasm.events.standalone;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.utils.SecurityUtils;

/** The commands of the page that operators read. */
final class SecurityPage {
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\n(.*?)^```$");
  private final String text;

  SecurityPage() {
    try {
      text = Files.readString(Path.of("..", "docs", "security.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is typed after each option. */
  private record Command(Map<String, List<String>> options) {
    List<String> all(String option) {
      return options.getOrDefault(option, List.of());
    }

    String one(String option) {
      return all(option).getFirst();
    }
  }

  List<NewTopic> topics() {
    return commands("kafka-topics.sh").map(command -> {
      Map<String, String> configs = new TreeMap<>();
      for (String config : command.all("--config")) {
        configs.put(config.substring(0, config.indexOf('=')), config.substring(config.indexOf('=') + 1));
      }
      return new NewTopic(command.one("--topic"), Integer.parseInt(command.one("--partitions")), (short) 1)
          .configs(configs);
    }).toList();
  }

  List<AclBinding> accessControl() {
    return commands("kafka-acls.sh").flatMap(command -> {
      boolean topic = command.options().containsKey("--topic");
      ResourcePattern resource = new ResourcePattern(topic ? ResourceType.TOPIC : ResourceType.GROUP,
          command.one(topic ? "--topic" : "--group"), PatternType.LITERAL);
      return command.all("--operation").stream()
          .map(operation -> new AclBinding(resource, new AccessControlEntry(command.one("--allow-principal"), "*",
              SecurityUtils.operation(operation), AclPermissionType.ALLOW)));
    }).toList();
  }

  /** The statements of each block. */
  List<List<String>> sql() {
    return blocks("sql")
        .map(block -> Stream.of(block.split(";\\s*", -1)).filter(statement -> !statement.isBlank()).toList()).toList();
  }

  private Stream<Command> commands(String program) {
    return blocks("sh").flatMap(String::lines).filter(line -> line.startsWith(program + " ")).map(line -> {
      Map<String, List<String>> options = new TreeMap<>();
      String option = "";
      for (String word : line.split(" +", -1)) {
        if (word.startsWith("--")) {
          option = word;
        } else {
          options.computeIfAbsent(option, _ -> new ArrayList<>()).add(word);
        }
      }
      return new Command(options);
    });
  }

  private Stream<String> blocks(String language) {
    Matcher matcher = BLOCK.matcher(text);
    return matcher.results().filter(block -> block.group(1).equals(language)).map(block -> block.group(2));
  }
}
