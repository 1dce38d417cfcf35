package com.elephantasm.events.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class PlatformTest {
  @ParameterizedTest
  @CsvSource({"Linux,amd64,Linux,x86_64", "Linux,aarch64,Linux,aarch64", "Mac OS X,x86_64,Darwin,x86_64",
      "Mac OS X,aarch64,Darwin,aarch64", "Windows 11,amd64,Windows,x86_64"})
  void platforms_with_binaries_are_known(String osName, String osArch, String system, String architecture) {
    assertThat(Platform.of(osName, osArch)).isEqualTo(new Platform(system, architecture));
  }

  @ParameterizedTest
  @CsvSource({"Linux,riscv64", "Windows 11,aarch64", "SunOS,sparcv9"})
  void any_other_platform_is_refused_with_those_that_are_supported(String osName, String osArch) {
    assertThatExceptionOfType(EmbeddedServerException.class).isThrownBy(() -> Platform.of(osName, osArch))
        .withMessageContaining(osArch)
        .withMessageContaining("Linux and macOS on amd64 and arm64, and Windows on amd64");
  }
}
