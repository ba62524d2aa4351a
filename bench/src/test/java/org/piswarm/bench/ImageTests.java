package org.piswarm.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class ImageTests {

	@Test
	void findsThePlatformInAnIndexAndAddsTheSizesOfItsLayers() {
		String index = """
				{"schemaVersion": 2, "manifests": [
				  {"digest": "sha256:aa", "size": 428, "platform": {"architecture": "arm64", "os": "linux"}},
				  {"platform": {"architecture": "amd64", "os": "linux"}, "size": 428, "digest": "sha256:bb"}]}""";
		assertThat(BaseImage.digest(index, "arm64")).isEqualTo("sha256:aa");
		assertThat(BaseImage.digest(index, "amd64")).isEqualTo("sha256:bb");
		assertThat(BaseImage.digest(index, "riscv64")).isEmpty();
		assertThat(BaseImage.layers("""
				{"config": {"size": 1000}, "layers": [{"size": 20, "digest": "sha256:cc"}, {"size":3}]}"""))
			.isEqualTo(23);
	}

	@Test
	void knowsTheLayerOfTheCode(@TempDir Path project) throws IOException {
		Path target = Files.createDirectories(project.resolve("producer/target"));
		long libraries = layer(target, "a", "app/libs/netty.jar", "a library");
		long code = layer(target, "b", "app/classpath/producer.original.jar", "the code");
		Programs.output(Map.of(), target, "tar", "--create", "--file", "jib-image.tar", "a.tar.gz", "b.tar.gz");
		ServiceImage image = ServiceImage.of(project, "producer");
		assertThat(image.layers()).containsExactly(new ServiceImage.Layer("dependencies", libraries),
				new ServiceImage.Layer("the service's own code", code));
		assertThat(image.codeBytes()).isEqualTo(code);
		assertThat(image.bytes()).isEqualTo(libraries + code);
	}

	@Test
	void saysWhatIsMissing(@TempDir Path project) {
		assertThatThrownBy(() -> ServiceImage.of(project, "producer")).isInstanceOf(BenchException.class)
			.hasMessageContaining("producer/target/jib-image.tar");
	}

	private static long layer(Path target, String name, String file, String text) throws IOException {
		Path content = target.resolve(name).resolve(file);
		Files.createDirectories(content.getParent());
		Files.write(content, text.getBytes(StandardCharsets.UTF_8));
		Programs.output("tar", "--create", "--gzip", "--file", target.resolve(name + ".tar.gz").toString(),
				"--directory", target.resolve(name).toString(), file);
		return Files.size(target.resolve(name + ".tar.gz"));
	}

}
