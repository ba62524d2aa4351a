package org.piswarm.bench;

import java.util.List;
import java.util.stream.Collectors;

/** What a node pulls. */
final class ImageSection {

	private ImageSection() {
	}

	static void write(Page page, Measured<List<ServiceImage>> images, Measured<BaseImage> base) {
		page.paragraph("## Images");
		page.paragraph(
				"""
						The compressed bytes that a node pulls. The layers that the project adds to the base image are the same for arm64
						and amd64.""");
		images.show(page, (all) -> showLayers(page, all));
		page.paragraph("The base image, which both services share:");
		base.show(page, (present) -> showBase(page, present, images));
	}

	private static void showLayers(Page page, List<ServiceImage> images) {
		page.table("image", "layer", "KB");
		for (ServiceImage image : images) {
			image.layers()
				.forEach((layer) -> page.row(Page.code(image.service()), layer.content(), kilobytes(layer.bytes())));
			page.row(Page.code(image.service()), "all of them", kilobytes(image.bytes()));
		}
		page.endTable();
		page.paragraph("After a change of the code alone, a node pulls one layer: %s.".formatted(images.stream()
			.map((image) -> "%s KB of `%s`".formatted(kilobytes(image.codeBytes()), image.service()))
			.collect(Collectors.joining(", "))));
	}

	private static void showBase(Page page, BaseImage base, Measured<List<ServiceImage>> images) {
		// The address of a registry on this machine says nothing to a reader.
		String name = base.name().replaceFirst("^(localhost|127\\.[0-9.]+)(:[0-9]+)?/", "");
		page.table("platform", Page.code(name) + " in KB", "with the layers of both services, in KB");
		List<ServiceImage> services = images.value();
		base.bytes()
			.forEach((architecture, bytes) -> page.row("linux/" + architecture, kilobytes(bytes), (services == null)
					? "–" : kilobytes(bytes + services.stream().mapToLong(ServiceImage::bytes).sum())));
		page.endTable();
	}

	private static String kilobytes(long bytes) {
		return (bytes < 1000) ? "%.1f".formatted(bytes / 1000.0) : "%,d".formatted(Math.round(bytes / 1000.0));
	}

}
