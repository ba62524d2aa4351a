package org.piswarm.producer;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Time limits that nobody should need to change.
 *
 * @param requestTimeout from the first byte of a request to the first byte of its answer;
 * a client that sends more slowly than that is cut off
 * @param unreadyPeriod how long a stopping producer goes on answering while it says that
 * it is not ready, so that others turn away from it before its port closes
 */
@ConfigurationProperties("producer")
record ProducerProperties(@DefaultValue("10s") Duration requestTimeout, @DefaultValue("2s") Duration unreadyPeriod) {

}
