package org.piswarm.swarm.facts;

import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;

import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

import org.piswarm.swarm.known.Fact;

/**
 * The certificate of a node. It names the Swarm, so that a Pi's Swarm is known even if no
 * manager answers.
 *
 * @param swarmId the ID of the Swarm
 * @param end when it ends
 */
public record Certificate(String swarmId, Instant end) {

	static Fact<Certificate> parse(String base64) {
		try {
			byte[] bytes = Base64.getDecoder().decode(base64);
			X509Certificate certificate = (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(bytes));
			for (Rdn part : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
				if (part.getType().equals("O")) {
					return Fact
						.known(new Certificate(part.getValue().toString(), certificate.getNotAfter().toInstant()));
				}
			}
			return Fact.unknown("its certificate names no Swarm");
		}
		catch (CertificateException | IllegalArgumentException | InvalidNameException ex) {
			return Fact.unknown("its certificate cannot be read");
		}
	}

}
