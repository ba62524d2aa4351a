package org.piswarm.producer;

import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalysisReporter;

/**
 * Prints why the start failed as plain lines. Spring Boot's reporter frames each analysis
 * in a banner; application.properties turns it off.
 */
class StartFailureReporter implements FailureAnalysisReporter {

	@Override
	public void report(FailureAnalysis analysis) {
		System.err.println(analysis.getDescription());
		if (analysis.getAction() != null) {
			System.err.println(analysis.getAction());
		}
	}

}
