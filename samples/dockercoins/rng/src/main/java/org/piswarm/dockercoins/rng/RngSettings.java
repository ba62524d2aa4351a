package org.piswarm.dockercoins.rng;

import org.piswarm.samples.InvalidSettingException;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The settings.
 *
 * @param concurrency RNG_CONCURRENCY: how many requests are worked on at the same time;
 * the others wait
 */
@ConfigurationProperties("rng")
record RngSettings(@DefaultValue("1") int concurrency) {

	RngSettings {
		if (concurrency < 1 || concurrency > 64) {
			throw new InvalidSettingException("RNG_CONCURRENCY", Integer.toString(concurrency),
					"from 1 to 64, such as 1");
		}
	}

}
