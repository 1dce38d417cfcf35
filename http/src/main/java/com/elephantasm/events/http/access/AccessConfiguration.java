package com.elephantasm.events.http.access;

import com.elephantasm.events.http.OperationDocumentation;
import com.elephantasm.events.http.Rejections;
import com.elephantasm.events.settings.SettingException;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.Environment;
import org.springframework.security.config.observation.SecurityObservationSettings;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.web.DefaultSecurityFilterChain;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.firewall.HttpFirewall;
import org.springframework.security.web.firewall.StrictHttpFirewall;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Wires access control into a service that imports this. Spring Security's part is its firewall, where filters hang in, also on a
 * management port, and the verification of tokens. Its own filters have no work here: there are no sessions, logins, forms or
 * cookies.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({AccessSettings.class, CorsSettings.class})
@Import(Rejections.class)
public class AccessConfiguration {
  @Bean
  Authenticator authenticator(AccessSettings settings, ObjectProvider<JwtDecoder> decoder, Environment environment) {
    return switch (settings.mode()) {
      case NONE -> {
        LoopbackOnly.require(environment);
        yield new Nobody();
      }
      case API_KEY -> new ApiKeys(settings.keys());
      case JWT -> new Tokens(required(decoder.getIfAvailable()), settings.jwt());
    };
  }

  /** Asks nobody. */
  private static final class Nobody implements Authenticator {
    private static final Authentication ANYONE = new Authentication.Known(Caller.ANYONE);

    @Override
    public Authentication authenticate(HttpServletRequest request) {
      return ANYONE;
    }

    @Override
    public String expectation() {
      return "send nothing";
    }
  }

  private static JwtDecoder required(@Nullable JwtDecoder decoder) {
    if (decoder == null) {
      throw new SettingException("elephantasm.access.mode is jwt, and nothing says who signs the tokens.",
          "Set spring.security.oauth2.resourceserver.jwt.issuer-uri, jwk-set-uri or public-key-location.");
    }
    return decoder;
  }

  @Bean
  SecurityFilterChain access(Authenticator authenticator, CorsSettings cors, Rejections rejections) {
    cors.requireValid();
    List<Filter> filters = new ArrayList<>();
    if (!cors.origins().isEmpty()) {
      // First: a preflight has no key.
      filters.add(Cors.filter(cors.origins()));
    }
    filters.add(new AccessFilter(authenticator, rejections));
    return new DefaultSecurityFilterChain(AnyRequestMatcher.INSTANCE, filters);
  }

  /** Strict with paths, by which the rules go. What it says of methods, headers and parameters, others here say better. */
  @Bean
  HttpFirewall firewall() {
    StrictHttpFirewall firewall = new StrictHttpFirewall();
    firewall.setUnsafeAllowAnyHttpMethod(true);
    firewall.setAllowedHeaderNames(_ -> true);
    firewall.setAllowedHeaderValues(_ -> true);
    firewall.setAllowedParameterNames(_ -> true);
    firewall.setAllowedParameterValues(_ -> true);
    return firewall;
  }

  /** One observation of each filter and of each way through the chain would cost a request more than our filter does. */
  @Bean
  SecurityObservationSettings securityObservationSettings() {
    return SecurityObservationSettings.noObservations();
  }

  @Bean
  OperationDocumentation accessDocumentation() {
    return new AccessDocumentation();
  }

  @Bean
  WebMvcConfigurer callerReading() {
    return new WebMvcConfigurer() {
      @Override
      public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new CallerReader());
      }
    };
  }
}
