package com.elephantasm.events.http.access;

import com.elephantasm.events.settings.SettingException;
import java.net.InetAddress;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementPortType;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/** Where nobody is asked who they are, nobody from another machine gets in. */
final class LoopbackOnly {
  private LoopbackOnly() {}

  /** @throws SettingException if the service, or its management port, would listen on an address that others can reach */
  static void require(Environment environment) {
    require("server.address", environment);
    if (ManagementPortType.get(environment) == ManagementPortType.DIFFERENT) {
      require("management.server.address", environment);
    }
  }

  private static void require(String setting, Environment environment) {
    InetAddress address = Binder.get(environment).bind(setting, InetAddress.class).orElse(null);
    if (address == null || !address.isLoopbackAddress()) {
      throw new SettingException(
          "elephantasm.access.mode is none, so everybody may do everything, but %s is %s, where other machines get in."
              .formatted(setting, address == null ? "not set" : address.getHostAddress()),
          "Set elephantasm.access.mode to api-key or jwt, or %s to 127.0.0.1.".formatted(setting));
    }
  }
}
